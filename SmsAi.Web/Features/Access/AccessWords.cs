using SmsAi.Core.Features.Access;
using SmsAi.Core.Platform.Access;

namespace SmsAi.Web.Features.Access;

/// <summary>Says what roles are for, and why an act on an account was not done.</summary>
internal static class AccessWords
{
    internal static string Role(string role) => role switch
    {
        OperatorRoles.Owner => "Everything, and makes other owners.",
        OperatorRoles.Admin => "Resumes, changes how the service works, sees numbers for a reason, manages accounts.",
        OperatorRoles.Operator => "Reads texts, answers, stops, pauses, holds.",
        OperatorRoles.Auditor => "Sees pages without texts; reads and exports the audit trail.",
        _ => "Sees pages without texts, changes nothing.",
    };

    internal static string? WhyNot(AccountOutcome outcome) => outcome switch
    {
        AccountOutcome.Done => null,
        AccountOutcome.Gone => "This account was removed meanwhile.",
        AccountOutcome.ChangedMeanwhile => "Somebody else changed this role meanwhile. Close this and look again.",
        AccountOutcome.NothingToDo => "It is so already.",
        AccountOutcome.OwnersOnly => "Only an owner acts on owners, and makes them.",
        AccountOutcome.NotYourself => "Nobody raises, locks or removes their own account. Ask another admin.",
        AccountOutcome.LastOwner => "This is the last owner who can sign in. Make another one first.",
        _ => null,
    };
}
