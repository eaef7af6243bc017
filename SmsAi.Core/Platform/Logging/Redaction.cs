using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using SmsAi.Core.Platform.Configuration;

namespace SmsAi.Core.Platform.Logging;

/// <summary>
/// The last net under the logs: takes out what looks like a phone number or a secret, and the configured secrets themselves,
/// and makes control characters visible, so that no text can forge a line or steer a terminal.
/// </summary>
public sealed partial class Redaction(IEnumerable<string> secrets)
{
    const string Gone = "[redacted]";
    const int ShortestSecret = 6;

    static readonly string[] SecretEndings = ["Token", "Secret", "Password", "Key", "Keys"];

    readonly string[] _secrets = [.. secrets.Where(secret => secret.Length >= ShortestSecret).Distinct().OrderByDescending(secret => secret.Length)];

    /// <summary>Knows every value whose key names a secret, and the passwords inside addresses.</summary>
    public static Redaction Of(IConfiguration configuration) => new(Secrets(configuration));

    public string Clean(string text) => OrNothing(text, Replaced);

    /// <summary>What can't be searched through in time is not shown at all.</summary>
    internal static string OrNothing(string text, Func<string, string> clean)
    {
        try
        {
            return clean(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return Gone;
        }
    }

    string Replaced(string text)
    {
        foreach (var secret in _secrets) text = text.Replace(secret, Gone, StringComparison.Ordinal);
        text = Credentials().Replace(text, "${name}=" + Gone);
        text = UserInfo().Replace(text, "://" + Gone + "@");
        text = Headers().Replace(text, "${scheme} " + Gone);
        text = Keys().Replace(text, Gone);
        text = Personal().Replace(text, "${name}=" + Gone);
        return Numbers().Replace(text, Gone);
    }

    /// <summary>The text on one line: control and direction-changing characters written as escapes.</summary>
    public static string OneLine(string text)
    {
        if (!Unprintable().IsMatch(text)) return text;
        var line = new StringBuilder(text.Length + 16);
        foreach (var letter in text)
        {
            if (letter == '\n') line.Append("\\n");
            else if (letter != '\r' && !Unprintable().IsMatch(letter.ToString())) line.Append(letter);
            else if (letter != '\r') line.Append("\\u").Append(((int)letter).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
        }
        return line.ToString();
    }

    static IEnumerable<string> Secrets(IConfiguration configuration)
    {
        foreach (var (key, value) in configuration.AsEnumerable())
        {
            // A secret is in a section; the bare names are the whole environment, with words such as "default" among them.
            if (string.IsNullOrWhiteSpace(value) || !key.Contains(':') || key.StartsWith(SettingAliases.Mark, StringComparison.Ordinal)) continue;
            if (key.Split(':').Any(part => SecretEndings.Any(ending => part.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))) yield return value;
            if (!key.StartsWith("ConnectionStrings:", StringComparison.OrdinalIgnoreCase)) continue;
            foreach (Match match in Credentials().Matches(value)) yield return match.Groups["value"].Value.Trim('"', '\'');
            foreach (Match match in UserInfo().Matches(value)) yield return Uri.UnescapeDataString(match.Groups["password"].Value);
        }
    }

    [GeneratedRegex(@"\b(?<name>password|pwd|passfile|pass)\s*=\s*(?<value>""[^""]*""|'[^']*'|[^;,\s""']+)", RegexOptions.IgnoreCase)]
    private static partial Regex Credentials();

    [GeneratedRegex(@"://[^/\s:@]*:(?<password>[^/\s@]+)@")]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"\b(?<scheme>Basic|Bearer)\s+[A-Za-z0-9+/=._~-]{8,}", RegexOptions.IgnoreCase)]
    private static partial Regex Headers();

    // Twilio accounts, API keys and tokens; OpenAI keys; our own keys; signed tokens, whose first part is short and bounded for the sake of the time.
    [GeneratedRegex(@"\b(?:(?:AC|SK)[0-9a-fA-F]{32}|[0-9a-fA-F]{32}|sk-[A-Za-z0-9_-]{12,}|smsai_(?:live|test)_[A-Za-z0-9_-]+|eyJ[A-Za-z0-9_-]{8,1000}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*)")]
    private static partial Regex Keys();

    [GeneratedRegex(@"(?<=[?&\s""(]|^)(?<name>To|From|Body)=[^&\s"")]+")]
    private static partial Regex Personal();

    [GeneratedRegex(@"(?:\+|%2B)[1-9](?:[ ().\-\u00a0]{0,2}\d){7,14}", RegexOptions.IgnoreCase)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")]
    private static partial Regex Unprintable();
}
