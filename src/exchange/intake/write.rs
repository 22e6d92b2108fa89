//! An intake back as the JSON it was read from: every key, without picture data and without the payout account.

use serde_json::{Value, json};

use crate::domain::intake::Intake;

/// The intake in the form of CONTRACT section 4. Reading it again gives the same intake but for pictures and payout account.
#[must_use]
pub fn write(intake: &Intake) -> Value {
    json!({
        "external_id": intake.external_id,
        "name": intake.name,
        "other_names": intake.other_names,
        "stage": intake.stage,
        "emails": intake.emails,
        "phones": intake.phones.iter().map(|p| json!({"number": p.number, "line_type": p.line_type})).collect::<Vec<_>>(),
        "handles": intake.handles,
        "websites": intake.websites,
        "wallets": intake.wallets,
        "claims": intake.claims.iter().map(|c| json!({"source": c.source, "text": c.text, "at": c.at})).collect::<Vec<_>>(),
        "timezone": intake.timezone,
        "relocation": intake.relocation,
        "working_hours": intake.working_hours.as_ref().map(|h| json!({"stated": h.stated, "activity_utc_hours": h.activity_utc_hours})),
        "sightings": sightings(intake),
        "history": history(intake),
        "travel": intake.travel.iter().map(|t| json!({"place": t.place, "from": t.from, "to": t.to})).collect::<Vec<_>>(),
        "shipping_address": intake.shipping_address,
        "payroll_country": intake.payroll_country,
        "payout_name": intake.payout_name,
        "references": intake.references.iter().map(|r| json!({"name": r.name, "email": r.email, "phone": r.phone, "org": r.org})).collect::<Vec<_>>(),
        "photos": photos(intake),
        "footprint": footprint(intake),
        "interviews": interviews(intake),
        "resume_text": intake.resume_text,
        "role": intake.role,
        "requisition": intake.requisition,
        "team": intake.team,
        "notes": intake.notes,
        "received_at": intake.received_at,
        "notice_given_at": intake.notice_given_at,
    })
}

fn sightings(intake: &Intake) -> Vec<Value> {
    let one = |s: &crate::domain::sighting::Sighting| {
        json!({
            "at": s.at, "kind": s.kind, "ip": s.ip, "city": s.city, "country": s.country,
            "lat": s.point.map(|p| p.lat()), "lon": s.point.map(|p| p.lon()), "accuracy_km": s.accuracy_km, "network": s.network,
            "client_tz": s.client_tz, "client_utc_offset_min": s.client_utc_offset_min,
        })
    };
    intake.sightings.iter().map(one).collect()
}

fn history(intake: &Intake) -> Vec<Value> {
    let one = |h: &crate::domain::history::HistoryEntry| {
        json!({
            "kind": h.kind, "org": h.org, "title": h.title, "place": h.place, "from": h.from, "to": h.to,
            "remote": h.remote, "full_time": h.full_time, "domain": h.domain,
        })
    };
    intake.history.iter().map(one).collect()
}

fn photos(intake: &Intake) -> Vec<Value> {
    let one = |p: &crate::domain::intake::PhotoClaim| {
        json!({
            "kind": p.kind, "exif_lat": p.exif.map(|at| at.lat()), "exif_lon": p.exif.map(|at| at.lon()), "taken_at": p.taken_at,
        })
    };
    intake.photos.iter().map(one).collect()
}

fn footprint(intake: &Intake) -> Option<Value> {
    intake.footprint.as_ref().map(|f| {
        json!({
            "platform": f.platform, "account_created": f.account_created, "first_commit": f.first_commit,
            "copied_commits": f.copied_commits, "dormant_until": f.dormant_until,
            "commit_identities": f.commit_identities.iter().map(|c| json!({"name": c.name, "email": c.email})).collect::<Vec<_>>(),
        })
    })
}

fn interviews(intake: &Intake) -> Vec<Value> {
    let one = |i: &crate::domain::intake::Interview| {
        json!({
            "at": i.at, "round": i.round, "appeared_as": i.appeared_as, "same_person_as_before": i.same_person_as_before,
            "camera": i.camera, "continuity_check": i.continuity_check, "prompted": i.prompted,
            "local_knowledge": i.local_knowledge, "note": i.note,
        })
    };
    intake.interviews.iter().map(one).collect()
}
