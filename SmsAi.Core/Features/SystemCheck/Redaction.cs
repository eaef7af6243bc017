using System.Text.RegularExpressions;

namespace SmsAi.Core.Features.SystemCheck;

/// <summary>Takes numbers, keys and tokens out of an outside party's literal answer, and cuts it to a readable length.</summary>
internal static partial class Redaction
{
    private const int MostLetters = 300;

    public static string Of(string answer)
    {
        var oneLine = Spaces.Replace(answer, " ").Trim();
        var hidden = Numbers.Replace(Secrets.Replace(oneLine, "…"), "…");
        return hidden.Length > MostLetters ? hidden[..MostLetters] + "…" : hidden;
    }

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Spaces { get; }

    // Keys of OpenAI's kind, also half masked by their own service, and anything long that only a machine writes.
    [GeneratedRegex(@"\bsk-[\w\-*.]+|\b[A-Fa-f0-9]{24,}\b|\b[A-Za-z0-9+/_\-]{40,}={0,2}", RegexOptions.NonBacktracking)]
    private static partial Regex Secrets { get; }

    [GeneratedRegex(@"\+?\d[\d\-\.\(\) ]{5,}\d", RegexOptions.NonBacktracking)]
    private static partial Regex Numbers { get; }
}
