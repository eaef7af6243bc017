namespace SmsAi.Core.Platform.Access;

/// <summary>How an operator reads numbers and times; null leaves it to her browser, and the clock's twelve hours to the language.</summary>
/// <param name="Language">One of <see cref="OperatorCulture.Languages"/>, as de-DE.</param>
/// <param name="Zone">A name of the IANA's list, as Europe/Berlin.</param>
public sealed record OperatorLocale(string? Language, bool? Is12Hour, string? Zone)
{
    public static OperatorLocale None { get; } = new(null, null, null);

    /// <summary>What is wrong with it, or null.</summary>
    public string? Fault => this switch
    {
        { Language: { } language } when !OperatorCulture.IsKnown(language) => "Language: this one is not known here. Choose one of the list.",
        { Zone: { } zone } when !IsZone(zone, out _) => "Time zone: there is no such zone. Name a place as in Europe/Berlin.",
        _ => null,
    };

    /// <summary>Finds a zone by a name that came from outside.</summary>
    public static bool IsZone(string? name, out TimeZoneInfo zone)
    {
        zone = TimeZoneInfo.Utc;
        if (name is not { Length: > 0 and <= 64 } || name.StartsWith('/') || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+')
            || !TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found)) return false;
        zone = found;
        return true;
    }
}
