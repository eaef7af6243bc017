using System.Globalization;

namespace SmsAi.Core.Pipeline.Sending;

/// <summary>An answer about to be stored: its text and what it cost to make.</summary>
public sealed record Draft(string Kind, string Text, int Segments)
{
    public string? Model { get; init; }

    public int TokensIn { get; init; }

    public int TokensCached { get; init; }

    public int TokensOut { get; init; }

    public int ModelMs { get; init; }

    public long ModelMicros { get; init; }

    /// <summary>Turns of the conversation the model was shown, and the characters of its whole prompt.</summary>
    public int Turns { get; init; }

    public int PromptCharacters { get; init; }

    public string Category { get; init; } = "General";

    /// <summary>The data of the event "answered". The model's name comes from outside and is cut to a plain word.</summary>
    public string EventData(long id, long? replyTo) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"m":{{id}},"r":{{replyTo ?? 0}},"kind":"{{Kind}}","model":"{{Plain(Model)}}","in":{{TokensIn}},"cached":{{TokensCached}},"out":{{TokensOut}},"ms":{{ModelMs}},"turns":{{Turns}},"chars":{{PromptCharacters}},"micros":{{ModelMicros}},"segments":{{Segments}},"category":"{{Plain(Category)}}","now":1}""");

    private static string Plain(string? word) =>
        word is null ? "" : string.Concat(word.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_' or '/' or ':').Take(80));
}
