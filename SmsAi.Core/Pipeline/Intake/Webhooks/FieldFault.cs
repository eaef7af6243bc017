namespace SmsAi.Core.Pipeline.Intake.Webhooks;

/// <summary>What a webhook's field can have wrong with it.</summary>
public enum FieldFaultKind
{
    Missing,
    Malformed,
    Repeated,
}

/// <summary>A signed webhook's field that can't be used: which, what is wrong, and the way out. Never its value.</summary>
public sealed record FieldFault(string Field, FieldFaultKind Kind, string WayOut)
{
    /// <summary>
    /// The HTTP status to answer. A repeat of a field that Twilio sends once is refused like a forgery: one form of Twilio's
    /// signature doesn't tell a copied field from the original.
    /// </summary>
    public int Status => Kind == FieldFaultKind.Repeated ? 403 : 400;

    public string Words => $"{Field} is {Kind.ToString().ToLowerInvariant()}. {WayOut}";
}
