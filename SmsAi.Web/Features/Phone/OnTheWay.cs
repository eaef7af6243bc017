using SmsAi.Core.Features.Phone;

namespace SmsAi.Web.Features.Phone;

/// <summary>A text that was sent from this screen and is not in the conversation yet, or was not taken.</summary>
public sealed class OnTheWay(string body, DateTimeOffset at, TimeSpan delay)
{
    public string Body => body;

    public DateTimeOffset At => at;

    public TimeSpan Delay => delay;

    /// <summary>Null while the webhook is under way.</summary>
    public HandsetPost? Post { get; set; }

    /// <summary>Why it never will be in the conversation; null while it may.</summary>
    public string? Fault => Post switch
    {
        null or { IsTaken: true } => null,
        { IsLost: true } => null,
        { Status: null } => "The app didn't answer",
        { Status: 403 } => "Refused: wrong signature",
        { Status: 503 } => "Refused for now: the database is away",
        { Status: var status } => $"Refused with {status}",
    };

    public string Words => Post switch
    {
        { IsLost: true } => "Webhook lost, the sweep brings it within a minute",
        { IsTaken: true } => "Taken",
        _ when delay > TimeSpan.Zero => $"The webhook comes after {delay.TotalSeconds:0} s",
        _ => "On its way",
    };
}
