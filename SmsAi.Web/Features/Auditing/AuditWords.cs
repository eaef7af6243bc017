using System.Collections.Frozen;

namespace SmsAi.Web.Features.Auditing;

/// <summary>Says acts and resources as people say them; an act nobody named yet is shown by its own words, rather than hidden.</summary>
public static class AuditWords
{
    private static readonly FrozenDictionary<string, string> Acts = new Dictionary<string, string>
    {
        ["access.address_waits"] = "Must wait at sign-in, after too many tries from one address",
        ["access.code_refused"] = "Showed a wrong code",
        ["access.codes_renewed"] = "Made new recovery codes",
        ["access.denied"] = "Was denied an act",
        ["access.factor_off"] = "Turned the second factor off",
        ["access.factor_on"] = "Turned a second factor on",
        ["access.factor_reset"] = "Reset somebody's second factor",
        ["access.first_owner"] = "Became the first owner",
        ["access.invitation_taken_back"] = "Took an invitation back",
        ["access.invite"] = "Invited somebody",
        ["access.joined"] = "Joined by invitation",
        ["access.lock"] = "Locked an account",
        ["access.passkey_added"] = "Added a passkey",
        ["access.passkey_removed"] = "Removed a passkey",
        ["access.passkey_renamed"] = "Renamed a passkey",
        ["access.password_changed"] = "Changed the own password",
        ["access.refused"] = "Was refused at sign-in",
        ["access.remove"] = "Removed an account",
        ["access.role"] = "Changed somebody's role",
        ["access.sessions_ended"] = "Ended sessions",
        ["access.signed_in"] = "Signed in",
        ["access.signed_out"] = "Signed out",
        ["access.step_up"] = "Showed the second factor",
        ["access.unlock"] = "Unlocked an account",
        ["audit.export"] = "Exported the trail",
        ["audit.exported"] = "Export of the trail ended",
        ["audit.verify"] = "Verified the chain",
        ["conversation.dismiss"] = "Dismissed a draft",
        ["conversation.give_back"] = "Gave a conversation back",
        ["conversation.resend"] = "Sent a text again",
        ["conversation.send"] = "Answered by hand",
        ["conversation.shorten"] = "Had a draft shortened",
        ["conversation.take"] = "Took a conversation over",
        ["dead_letter.replay"] = "Replayed a dead letter",
        ["error.reopen"] = "Reopened an error",
        ["error.resolve"] = "Resolved an error",
        ["error.resolve_kind"] = "Resolved all errors of a kind",
        ["job.disable"] = "Switched a job off",
        ["job.enable"] = "Switched a job on",
        ["job.run"] = "Ran a job",
        ["key.create"] = "Made an API key",
        ["key.revoke"] = "Revoked an API key",
        ["key.rotate"] = "Rotated an API key",
        ["hold.lift"] = "Lifted a hold",
        ["hold.place"] = "Placed a hold",
        ["message.mark"] = "Marked a text as an error",
        ["message.unmark"] = "Took an error's mark off",
        ["note.add"] = "Added a note",
        ["note.change"] = "Changed a note",
        ["note.remove"] = "Removed a note",
        ["number.block"] = "Blocked a number",
        ["number.free"] = "Unblocked a number",
        ["schedule.add"] = "Scheduled a pause",
        ["schedule.change"] = "Changed a scheduled pause",
        ["schedule.covered"] = "Began no pause: one was on",
        ["schedule.missed"] = "Missed a scheduled pause",
        ["schedule.off"] = "Switched a scheduled pause off",
        ["schedule.on"] = "Switched a scheduled pause on",
        ["schedule.remove"] = "Removed a scheduled pause",
        ["service.explain"] = "Gave the reason of a stop",
        ["service.model_off"] = "Turned the model off",
        ["service.pause"] = "Paused answers",
        ["service.resume"] = "Resumed",
        ["service.stop_all"] = "Stopped everything",
        ["setting.change"] = "Changed a setting",
        ["setting.reset"] = "Put a setting back",
        ["tier.add"] = "Added a tier",
        ["tier.change"] = "Changed a tier",
        ["tier.remove"] = "Removed a tier",
        ["user.billing"] = "Changed a billing id",
        ["user.block"] = "Blocked",
        ["user.contact"] = "Changed name or email",
        ["user.preferences"] = "Changed preferences",
        ["user.reveal"] = "Revealed a number",
        ["user.tag"] = "Put a tag on",
        ["user.tier"] = "Moved to another tier",
        ["user.unblock"] = "Unblocked",
        ["user.untag"] = "Took a tag off",
        ["view.remove"] = "Removed a shared view",
        ["view.share"] = "Shared a view",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> Resources = new Dictionary<string, string>
    {
        ["audit"] = "Audit trail",
        ["errors"] = "Several errors",
        ["number"] = "One of our numbers",
        ["operator"] = "Sign-in",
        ["service"] = "Service",
        ["switch:ai"] = "Switch: model off",
        ["switch:kill"] = "Switch: stop all",
        ["switch:pause"] = "Switch: pause",
        ["users"] = "Several people",
    }.ToFrozenDictionary();

    public static string Act(string action) => Acts.GetValueOrDefault(action) ?? Sentence(action);

    /// <summary>A thing other than a person: "tier:3" is "Tier 3".</summary>
    public static string Resource(string resource) => Resources.GetValueOrDefault(resource) ?? Sentence(resource);

    /// <summary>The first and last digits of a hash, enough to compare by eye.</summary>
    public static string Ends(byte[] hash) => Convert.ToHexStringLower(hash) is { Length: > 8 } text ? $"{text[..4]}…{text[^4..]}" : "";

    private static string Sentence(string word) => word.Length == 0
        ? ""
        : char.ToUpperInvariant(word[0]) + word[1..].Replace('.', ' ').Replace('_', ' ').Replace(':', ' ');
}
