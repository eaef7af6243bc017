using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;

namespace SmsAi.Core.Platform.Access;

/// <summary>
/// How numbers, days and times are written for one operator: her language's marks and order, English words. It is the current culture of her pages
/// and circuit; wherever no operator looks (interface, exports, logs, trail) <see cref="Here"/> is the usual one.
/// Sorting, casing and the minus sign stay those of the invariant culture, so that nothing a program reads depends on who looks.
/// </summary>
public sealed class OperatorCulture : CultureInfo
{
    /// <summary>A blank that doesn't break a line between a time and its AM or PM.</summary>
    private const string Blank = "\u00a0";

    private static readonly string[] Offered =
    [
        "en-US", "en-GB", "en-AU", "en-CA", "en-IE", "en-IN", "en-NZ", "en-ZA", "bg-BG", "cs-CZ", "da-DK", "de-DE", "de-AT", "de-CH", "el-GR", "es-ES", "es-MX",
        "es-AR", "es-US", "et-EE", "fi-FI", "fr-FR", "fr-BE", "fr-CA", "fr-CH", "he-IL", "hi-IN", "hr-HR", "hu-HU", "id-ID", "is-IS", "it-IT", "it-CH", "ja-JP", "ko-KR",
        "lt-LT", "lv-LV", "nb-NO", "nl-NL", "nl-BE", "pl-PL", "pt-BR", "pt-PT", "ro-RO", "ru-RU", "sk-SK", "sl-SI", "sv-SE", "th-TH", "tr-TR", "uk-UA", "vi-VN",
        "zh-CN", "zh-HK", "zh-TW",
    ];

    private static readonly FrozenDictionary<string, string> Known = Offered.ToFrozenDictionary(name => name, StringComparer.OrdinalIgnoreCase);
    private static readonly ConcurrentDictionary<(string? Language, bool? Is12Hour), OperatorCulture> Made = new();

    private OperatorCulture(string? language, bool? is12Hour)
        : base("", useUserOverride: false)
    {
        Language = language ?? "en-GB";
        var (day, clock) = ('d', 'H');
        if (Find(Language) is { } source)
        {
            NumberFormat = (NumberFormatInfo)source.NumberFormat.Clone();
            NumberFormat.NegativeSign = "-";
            (day, clock) = (source.DateTimeFormat.ShortDatePattern.First(letter => letter is 'd' or 'M' or 'y'), source.DateTimeFormat.ShortTimePattern.Contains('h') ? 'h' : 'H');
        }

        Is12Hour = is12Hour ?? clock == 'h';
        (DayPattern, DayInYearPattern, LongDayPattern) = day switch
        {
            'M' => ("MMM d, yyyy", "MMM d", "dddd, MMMM d"),
            'y' => ("yyyy-MM-dd", "MMM d", "dddd, MMMM d"),
            _ => ("d MMM yyyy", "d MMM", "dddd d MMMM"),
        };
        var (hour, half) = Is12Hour ? ("h", Blank + "tt") : ("HH", "");
        (MinutePattern, SecondPattern, MillisecondPattern) = ($"{hour}:mm{half}", $"{hour}:mm:ss{half}", $"{hour}:mm:ss.fff{half}");
        LongYearPattern = day == 'd' ? " yyyy" : ", yyyy";
    }

    /// <summary>Whom nobody knows: 1,234.5, 21 Nov 2026, 14:05.</summary>
    public static OperatorCulture Usual { get; } = new(null, is12Hour: false);

    /// <summary>That of whoever looks at what is written now.</summary>
    public static OperatorCulture Here => CurrentCulture as OperatorCulture ?? Usual;

    public static IReadOnlyList<string> Languages => Offered;

    public string Language { get; }

    public bool Is12Hour { get; }

    /// <summary>21 Nov 2026.</summary>
    public string DayPattern { get; }

    /// <summary>21 Nov.</summary>
    public string DayInYearPattern { get; }

    /// <summary>Saturday 21 November.</summary>
    public string LongDayPattern { get; }

    /// <summary>What a year adds to <see cref="LongDayPattern"/>.</summary>
    public string LongYearPattern { get; }

    public string MinutePattern { get; }

    public string SecondPattern { get; }

    public string MillisecondPattern { get; }

    public static bool IsKnown(string language) => Known.ContainsKey(language);

    public static OperatorCulture Of(string? language, bool? is12Hour)
    {
        var known = language is not null && Known.TryGetValue(language, out var name) ? name : null;
        return Made.GetOrAdd((known, is12Hour), key => new OperatorCulture(key.Language, key.Is12Hour));
    }

    /// <summary>The first language that a browser names and that is known here; of a language without its land the first land.</summary>
    public static string? FirstKnown(IEnumerable<string> wanted)
    {
        foreach (var tag in wanted)
        {
            if (Known.TryGetValue(tag, out var exact)) return exact;
            var tongue = tag.Split('-')[0];
            if (tongue.Length == 2 && Array.Find(Offered, name => name.StartsWith(tongue + "-", StringComparison.OrdinalIgnoreCase)) is { } land) return land;
        }

        return null;
    }

    /// <summary>The act, done in the culture of now wherever it is called from later.</summary>
    public static Action Kept(Action act)
    {
        var now = CurrentCulture;
        return () =>
        {
            var before = CurrentCulture;
            CurrentCulture = now;
            try
            {
                act();
            }
            finally
            {
                CurrentCulture = before;
            }
        };
    }

    private static CultureInfo? Find(string language)
    {
        try
        {
            return GetCultureInfo(language);
        }
        catch (CultureNotFoundException)
        {
            return null; // This machine has no list of languages; the usual marks are right for a program that runs nonetheless.
        }
    }
}
