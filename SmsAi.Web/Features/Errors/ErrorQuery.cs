using SmsAi.Core.Features.Errors;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Errors;

/// <summary>What the page's address asks for; open ones, unless it says otherwise.</summary>
public sealed record ErrorQuery
{
    public static IReadOnlyList<KeyValuePair<string, string>> States { get; } = [new("resolved", "Resolved"), new("all", "Both")];

    public static IReadOnlyList<KeyValuePair<string, string>> Categories { get; } =
        [.. ErrorFilter.Categories.Select(category => KeyValuePair.Create(category.ToLowerInvariant(), ErrorWords.Category(category)))];

    public static IReadOnlyList<KeyValuePair<string, string>> Severities { get; } =
        [.. ErrorFilter.Severities.Reverse().Select(severity => KeyValuePair.Create(severity.ToLowerInvariant(), ErrorWords.Severity(severity)))];

    public string? State { get; init; }
    public string? Category { get; init; }
    public string? Severity { get; init; }
    public string? Component { get; init; }
    public string? Kind { get; init; }
    public DayRange Days { get; init; } = new();

    public bool IsUsual => (State, Category, Severity, Component, Kind) == (null, null, null, null, null) && Days.IsUsual;

    public ErrorFilter ToFilter(BrowserClock clock) => new(
        Days.Start(clock), Days.End(clock), State switch { "resolved" => false, "all" => null, _ => true }, Category?.ToUpperInvariant(), Severity?.ToUpperInvariant(), Component, Kind);
}
