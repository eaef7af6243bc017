using SmsAi.Core.Platform.Access;

namespace SmsAi.Core.Features.Stories;

/// <summary>The ledger's fixed words in plain ones. A word nobody translated is shown with spaces, rather than hidden.</summary>
internal static class StoryWords
{
    public static string Token(string? token) => Plain(token) switch
    {
        "primary" => "Primary token",
        "secondary" => "Secondary token",
        _ => "Token of the account",
    };

    public static string Url(string? variant) => Plain(variant) switch
    {
        "portremoved" => "public URL with port removed",
        "portadded" => "public URL with port added",
        _ => "public URL as it stands",
    };

    public static string? Verdict(string? verdict) => verdict switch
    {
        null or "valid" => null,
        "short_code" => "A short code: nobody can be answered there.",
        "alphanumeric" => "A name instead of a number: nobody can be answered there.",
        "whatsapp_id" => "A WhatsApp id that hides the number.",
        _ => $"Kept with the verdict: {Spaced(verdict)}.",
    };

    public static string Ignored(string? why) => why switch
    {
        "stop_word" => "the text said stop, which the carrier confirms",
        "start_word" => "the text said start, which the carrier confirms",
        "help_word" => "the text asked for help, which the carrier answers",
        "opted_out" or "consent" => "this person opted out",
        "blocked" or "block" => "this person is blocked",
        "own_number" => "it came from one of our own numbers",
        "not_a_number" => "the sender is no number that can be answered",
        "taken" => "a person has the conversation",
        "dismissed" => "a person wanted no suggestion",
        "muted" => "this person is muted for a while",
        "too_old" => "it was too old to be answered by a machine",
        "limit_minute" => "this person's answers of a minute are used up",
        "limit_hour" => "this person's answers of an hour are used up",
        "limit_month" => "what this person's tier allows in a month is used up",
        "limit_day" => "this person's answers of the day are used up",
        "loop_same_text" => "the same text came again and again",
        "loop_echo" => "it repeats our own last answer",
        "loop_too_quick" => "texts follow our answers as quickly as only a machine writes",
        _ => Spaced(why),
    };

    public static string Gate(string? by) => by switch
    {
        "kill" => "all is stopped",
        "pause" => "the service is paused",
        "ai" => "the model is switched off",
        "quiet_hours" => "it is this person's quiet time",
        "spend" => "the day's money is spent",
        "hold" => "somebody holds this conversation",
        "consent" => "this person opted out",
        "block" => "this person is blocked",
        "taken" => "a person has the conversation",
        "unknown" => "the switches can't be read, so nothing is sent",
        _ => Spaced(by),
    };

    /// <summary>What kept a try from succeeding: an icon's title and what it means.</summary>
    public static (string Title, string Detail) Retry(string? why, long seconds)
    {
        var wait = seconds == 1 ? "1 s" : NumberText.Of(seconds) + " s";
        return why switch
        {
            "carrier_throttles" => ($"Carrier said 429, waits {wait}", "Nothing was sent by it."),
            "carrier_unreachable" => ($"Carrier could not be reached, again in {wait}", "Not a byte was sent. Everything waits for the carrier; nothing failed by it."),
            "model_busy" => ($"Model was busy, asked again in {wait}", "Nothing was answered by it."),
            "model_empty" => ($"Model gave no text, asked again in {wait}", "Its tokens cost all the same."),
            _ when why?.StartsWith("carrier_refuses_account", StringComparison.Ordinal) is true =>
                ($"Carrier refuses our account, again in {wait}", "Everything waits until somebody puts it right; nothing failed by it."),
            _ => ($"Tried again in {wait}: {Spaced(why)}", "Nothing was sent by it."),
        };
    }

    public static string DeadLetter(string? why) => why switch
    {
        "crashes" => "The service died over it again and again.",
        "uncertain" => "The carrier could not say whether it has the text.",
        "fault" => "A fault of the service; the error log has it.",
        _ => $"{Sentence(Spaced(why))}.",
    };

    public static string Sentence(string words) => words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];

    /// <summary>A carrier's id, short enough to read: its ends.</summary>
    public static string ShortSid(string sid) => sid.Length <= 12 ? sid : $"{sid[..6]}…{sid[^4..]}";

    public static string Offset(TimeSpan offset) => offset switch
    {
        { TotalSeconds: < 1 } => $"+{NumberText.Of(Math.Max(0, (long)offset.TotalMilliseconds))} ms",
        { TotalMinutes: < 1 } => $"+{NumberText.Of(offset.TotalSeconds, "0.0#")} s",
        _ => $"+{NumberText.Of((long)offset.TotalMinutes)} min {offset.Seconds} s",
    };

    private static string Spaced(string? word) => word?.Replace('_', ' ') ?? "no reason given";

    private static string? Plain(string? word) => word?.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
}
