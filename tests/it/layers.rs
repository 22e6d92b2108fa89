//! Reads the source and fails where a layer reaches up or sideways.
