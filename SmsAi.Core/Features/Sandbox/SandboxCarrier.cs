using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Delivery;

namespace SmsAi.Core.Features.Sandbox;

/// <summary>Plays the carrier: takes texts, refuses some as the real one would, and knows afterwards what it took.</summary>
public sealed class SandboxCarrier(
    SandboxMessages messages, SandboxState state, SandboxReceipts receipts, IOptions<TwilioOptions> options)
{
    private const int LongestBody = 1600;

    /// <summary>Answers the request to send a text.</summary>
    public async Task<SandboxAnswer> TakeAsync(SandboxSend send, CancellationToken cancel)
    {
        var current = await state.CurrentAsync(cancel);
        if (current.Has(SandboxFault.AccountRefused, send.To))
            return new SandboxAnswer.Refused(401, 20003, "Authenticate");
        if (current.Has(SandboxFault.TooFast, send.To))
            return new SandboxAnswer.Refused(429, 20429, "Too Many Requests");
        if (Refusal(send, current) is { } refused)
            return refused;

        var taken = await messages.AddAsync(
            new SandboxMessage
            {
                Sid = SandboxMessage.NewSid(),
                IsInbound = false,
                From = string.IsNullOrEmpty(send.From) ? options.Value.FromNumber! : send.From,
                To = send.To,
                Body = send.Body,
                Status = "queued",
                StatusCallback = send.StatusCallback,
            },
            cancel);
        receipts.Play(taken);
        if (current.Has(SandboxFault.HangAfterAccepting, send.To))
            return new SandboxAnswer.Silence();
        if (current.Has(SandboxFault.ErrorAfterAccepting, send.To))
            return new SandboxAnswer.Refused(500, 20500, "Internal Server Error");
        return new SandboxAnswer.Taken(taken);
    }

    /// <summary>A page of what it took and delivered; null while it was told to be away.</summary>
    public async Task<IReadOnlyList<SandboxMessage>?> ListAsync(
        string? to, string? from, DateTimeOffset? since, string? after, int count, CancellationToken cancel) =>
        (await state.CurrentAsync(cancel)).Has(SandboxFault.ListAway, to ?? "")
            ? null
            : await messages.ListAsync(to, from, since, after, count, cancel);

    /// <summary>One text it took or delivered.</summary>
    public Task<SandboxMessage?> FindAsync(string sid, CancellationToken cancel) => messages.FindAsync(sid, cancel);

    private static SandboxAnswer.Refused? Refusal(SandboxSend send, SandboxState.Snapshot current) => send switch
    {
        { To: "" } => new(400, 21604, "A 'To' phone number is required."),
        { Body: "" } => new(400, 21602, "Message body is required."),
        { Body.Length: > LongestBody } => new(400, 21617, "The concatenated message body exceeds the 1600 character limit."),
        { To: SandboxHandsets.Invalid } => new(400, 21211, "The 'To' number is not a valid phone number."),
        { To: SandboxHandsets.NotMobile } => new(400, 21614, "'To' number is not a valid mobile number."),
        _ when current.OptedOut.Contains(send.To) => new(400, 21610, "Attempt to send to unsubscribed recipient"),
        _ => null,
    };
}

/// <summary>A text somebody asks the sandbox carrier to send.</summary>
public sealed record SandboxSend(string To, string? From, string Body, string? StatusCallback);

/// <summary>What the sandbox carrier answers.</summary>
public abstract record SandboxAnswer
{
    private SandboxAnswer() { }

    /// <summary>It took the text.</summary>
    public sealed record Taken(SandboxMessage Message) : SandboxAnswer;

    /// <summary>An error, with the carrier's own number.</summary>
    public sealed record Refused(int Status, int Code, string Message) : SandboxAnswer;

    /// <summary>It never answers.</summary>
    public sealed record Silence : SandboxAnswer;
}
