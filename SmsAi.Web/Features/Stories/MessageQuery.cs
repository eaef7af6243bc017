using System.Globalization;
using SmsAi.Core.Features.Stories;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Stories;

/// <summary>What the list's address asks for; a value that is none of the choices asks for nothing.</summary>
public sealed record MessageQuery
{
    public string? State { get; init; }
    public string? Kind { get; init; }

    /// <summary>in or out.</summary>
    public string? Direction { get; init; }

    public string? Person { get; init; }

    /// <summary>At least so many dollars.</summary>
    public string? Cost { get; init; }

    public DayRange Days { get; init; } = new();

    public bool IsUsual => this with { Days = new() } == new MessageQuery() && Days.IsUsual;

    public static IReadOnlyList<KeyValuePair<string, string>> States { get; } =
    [
        .. new[]
        {
            "received", "queued", "answering", "answered", "ignored", "held", "sending", "uncertain", "needs_person", "sent", "partly_delivered", "delivered", "read",
            "undelivered", "failed", "dead_letter", "stale", "opted_out", "blocked", "cancelled", "draft",
        }.Select(state => KeyValuePair.Create(state, StateWords.Of(state).Word)),
    ];

    public static IReadOnlyList<KeyValuePair<string, string>> Kinds { get; } =
    [
        new("text", "Text"), new("answer", "Answer"), new("apology", "Apology"), new("notice", "Notice"), new("pause_notice", "Pause notice"), new("manual", "By hand"),
        new("broadcast", "Broadcast"), new("canary", "Canary"),
    ];

    public static IReadOnlyList<KeyValuePair<string, string>> Directions { get; } = [new("in", "In"), new("out", "Out")];

    public static IReadOnlyList<KeyValuePair<string, string>> Costs { get; } =
        [new("0.001", "$0.001 or more"), new("0.01", "$0.01 or more"), new("0.1", "$0.10 or more"), new("1", "$1 or more")];

    public MessageFilter ToFilter(BrowserClock clock) => new()
    {
        From = Days.Start(clock),
        Until = Days.End(clock),
        State = Known(State, States),
        Kind = Known(Kind, Kinds),
        IsInbound = Known(Direction, Directions) is { } direction ? direction == "in" : null,
        // Copied from a page it comes with its last digits.
        Alias = Person?.Trim().Split([' ', '·'], 2)[0].ToLowerInvariant(),
        FromMicros = Known(Cost, Costs) is { } cost ? (long)(decimal.Parse(cost, CultureInfo.InvariantCulture) * 1_000_000m) : null,
    };

    private static string? Known(string? value, IReadOnlyList<KeyValuePair<string, string>> choices) => choices.Any(choice => choice.Key == value) ? value : null;
}
