using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SmsAi.Core.Pipeline;

/// <summary>What a person asked for, or an operator set for her: how she is answered, and when she is left alone. Kept as JSON in the shape of the documents.</summary>
public sealed record PersonPreferences
{
    public const int LongestPersona = 500;

    private const string NoObject = "{}";

    public static PersonPreferences None { get; } = new();

    /// <summary>The languages an answer can be asked for in, by their two letters.</summary>
    public static IReadOnlyDictionary<string, string> Languages { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["ar"] = "Arabic",
        ["bn"] = "Bengali",
        ["cs"] = "Czech",
        ["da"] = "Danish",
        ["de"] = "German",
        ["el"] = "Greek",
        ["en"] = "English",
        ["es"] = "Spanish",
        ["fa"] = "Persian",
        ["fi"] = "Finnish",
        ["fr"] = "French",
        ["he"] = "Hebrew",
        ["hi"] = "Hindi",
        ["hu"] = "Hungarian",
        ["id"] = "Indonesian",
        ["it"] = "Italian",
        ["ja"] = "Japanese",
        ["ko"] = "Korean",
        ["nl"] = "Dutch",
        ["no"] = "Norwegian",
        ["pl"] = "Polish",
        ["pt"] = "Portuguese",
        ["ro"] = "Romanian",
        ["ru"] = "Russian",
        ["sv"] = "Swedish",
        ["th"] = "Thai",
        ["tr"] = "Turkish",
        ["uk"] = "Ukrainian",
        ["vi"] = "Vietnamese",
        ["zh"] = "Chinese",
    };

    /// <summary>The name of an IANA time zone.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Two letters; null: the language of her text.</summary>
    public string? Language { get; init; }

    /// <summary>What the model is told about how to answer her.</summary>
    public string? Persona { get; init; }

    /// <summary>The hour her quiet time begins; null without <see cref="QuietUntil"/>.</summary>
    public int? QuietFrom { get; init; }

    public int? QuietUntil { get; init; }

    /// <summary>Notices such as "You have reached 10 texts a minute".</summary>
    public bool SmsNotices { get; init; } = true;

    public bool EmailNotices { get; init; }

    /// <summary>A model that was busy or silent is asked again before she gets the apology.</summary>
    public bool AutoRetry { get; init; } = true;

    public bool VoiceAssistant { get; init; }

    /// <summary>Reads the columns; what is not as expected counts as not said.</summary>
    public static PersonPreferences Parse(string preferences, string persona, string timeZone)
    {
        if (preferences == NoObject && persona == NoObject)
            return timeZone == None.TimeZone ? None : None with { TimeZone = timeZone };
        using var said = JsonDocument.Parse(preferences);
        using var config = JsonDocument.Parse(persona);
        var (notices, features) = (Part(said.RootElement, "notifications"), Part(said.RootElement, "features"));
        var quiet = Part(notices, "quiet_hours");
        var (from, until) = (Hour(quiet, "start"), Hour(quiet, "end"));
        var isQuiet = from is not null && until is not null && from != until;
        return new()
        {
            TimeZone = timeZone,
            Language = Text(said.RootElement, "language") is { } language && Languages.ContainsKey(language) ? language : null,
            Persona = Text(config.RootElement, "text"),
            QuietFrom = isQuiet ? from : null,
            QuietUntil = isQuiet ? until : null,
            SmsNotices = Flag(notices, "sms") ?? true,
            EmailNotices = Flag(notices, "email") ?? false,
            AutoRetry = Flag(features, "auto_retry") ?? true,
            VoiceAssistant = Flag(features, "voice_assistant") ?? false,
        };
    }

    /// <summary>The columns with these preferences in them; what else stands there stays.</summary>
    public (string Preferences, string Persona) WriteOver(string preferences, string persona)
    {
        var (said, config) = (ObjectOf(preferences), ObjectOf(persona));
        var (notices, features) = (PartOf(said, "notifications"), PartOf(said, "features"));
        notices["sms"] = SmsNotices;
        notices["email"] = EmailNotices;
        Put(notices, "quiet_hours", QuietFrom is { } from && QuietUntil is { } until ? new JsonObject { ["start"] = from, ["end"] = until } : null);
        features["auto_retry"] = AutoRetry;
        features["voice_assistant"] = VoiceAssistant;
        Put(said, "language", Language);
        Put(config, "text", Persona);
        return (said.ToJsonString(), config.ToJsonString());
    }

    /// <summary>What the model is told beside its task; null when she has no wishes.</summary>
    public string? Instruction(DateTimeOffset wroteAt)
    {
        var lines = new List<string>(3);
        if (Language is { } language)
            lines.Add($"Answer this person in {Languages[language]}, unless they write in another language.");
        if (TimeZone != None.TimeZone && TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone))
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"Where they are it is {TimeZoneInfo.ConvertTime(wroteAt, zone):dddd d MMMM yyyy, HH:mm}."));
        if (Persona is { Length: > 0 } persona)
            lines.Add(persona);
        return lines.Count == 0 ? null : string.Join(' ', lines);
    }

    private static JsonElement Part(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var part) ? part : default;

    private static string? Text(JsonElement parent, string name) => Part(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static bool? Flag(JsonElement parent, string name) => Part(parent, name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static int? Hour(JsonElement parent, string name) =>
        Part(parent, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var hour) && hour is >= 0 and < 24 ? hour : null;

    private static JsonObject ObjectOf(string json) => JsonNode.Parse(json) as JsonObject ?? [];

    private static JsonObject PartOf(JsonObject parent, string name)
    {
        if (parent[name] is JsonObject part)
            return part;
        var made = new JsonObject();
        parent[name] = made;
        return made;
    }

    private static void Put(JsonObject parent, string name, JsonNode? value)
    {
        if (value is null)
            parent.Remove(name);
        else
            parent[name] = value;
    }
}
