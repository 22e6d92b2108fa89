//! Contacts and accounts of an intake: e-mails, phones, handles, websites, wallets, references.

use super::{LIST_MAX, VALUE_MAX};
use crate::domain::email::EmailAddress;
use crate::domain::handle::Handle;
use crate::domain::identifier::Wallet;
use crate::domain::intake::{PhoneEntry, Reference};
use crate::domain::name::PersonName;
use crate::domain::phone::{LineType, PhoneNumber};
use crate::domain::url::WebAddress;
use crate::exchange::fields::{Fields, Slot};

/// A fault when no contact is given at all. One that is given and wrong has a fault of its own.
pub(super) fn require_contact(fields: &Fields<'_>) {
    if !["emails", "phones", "handles"].iter().any(|key| fields.get(key).is_some_and(|slot| !slot.is_empty_list())) {
        fields.fault(
            "emails",
            "is empty, and so are phones and handles: at least one contact is missing",
            "an e-mail, a phone or a handle",
        );
    }
}

/// E-mail addresses.
pub(super) fn emails(fields: &Fields<'_>) -> Vec<EmailAddress> {
    fields.list("emails", LIST_MAX, |slot| slot.parse(VALUE_MAX, EmailAddress::parse))
}

/// Phone numbers with their kind of line.
pub(super) fn phones(fields: &Fields<'_>) -> Vec<PhoneEntry> {
    fields.list("phones", LIST_MAX, |slot| {
        let phone = slot.fields(&["number", "line_type"])?;
        let number = phone.require("number", "a number such as +1 512 471 3434").and_then(|s| s.parse(VALUE_MAX, PhoneNumber::parse));
        let line_type = phone.get("line_type").and_then(|s| s.word(LineType::ALL, LineType::as_str));
        Some(PhoneEntry { number: number?, line_type })
    })
}

/// Accounts on platforms.
pub(super) fn handles(fields: &Fields<'_>) -> Vec<Handle> {
    fields.list("handles", LIST_MAX, handle)
}

/// One account: platform and value.
pub(crate) fn handle(slot: &Slot<'_>) -> Option<Handle> {
    use crate::domain::handle::HandleError;
    let fields = slot.fields(&["platform", "value"])?;
    let platform = fields.require("platform", "a lower-case word such as github");
    let value = fields.require("value", "an account name or the address of the profile");
    let platform = platform?;
    let word = platform.filled(VALUE_MAX);
    let (word, value) = (word?, value?);
    // The fault belongs to the part that is wrong, so the two are told apart here.
    if Handle::parse(word, "x") == Err(HandleError::Platform) {
        platform.fault("is not a platform", "a lower-case word such as github");
        return None;
    }
    value.parse(VALUE_MAX, |text| Handle::parse(word, text))
}

/// Web addresses.
pub(super) fn websites(fields: &Fields<'_>) -> Vec<WebAddress> {
    fields.list("websites", LIST_MAX, |slot| slot.parse(VALUE_MAX, WebAddress::parse))
}

/// Wallets.
pub(super) fn wallets(fields: &Fields<'_>) -> Vec<Wallet> {
    fields.list("wallets", LIST_MAX, |slot| slot.parse(VALUE_MAX, Wallet::parse))
}

/// People who vouch.
pub(super) fn references(fields: &Fields<'_>) -> Vec<Reference> {
    fields.list("references", LIST_MAX, |slot| {
        let person = slot.fields(&["name", "email", "phone", "org"])?;
        if ["name", "email", "phone", "org"].iter().all(|key| person.get(key).is_none()) {
            slot.fault("says nothing", "a name, email, phone or org");
            return None;
        }
        Some(Reference {
            name: person.get("name").and_then(|s| s.parse(usize::MAX, PersonName::parse)),
            email: person.get("email").and_then(|s| s.parse(VALUE_MAX, EmailAddress::parse)),
            phone: person.get("phone").and_then(|s| s.parse(VALUE_MAX, PhoneNumber::parse)),
            org: person.text("org", VALUE_MAX),
        })
    })
}
