using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SmsAi.Core.Pipeline.Routing;

/// <summary>What a text says about being texted at all.</summary>
public enum OptOutWord
{
    None,
    Stop,
    Start,
    Help,

    /// <summary>Free words that likely mean stop ("please stop texting me"): sending stops until a person has looked.</summary>
    Suspected,
}

/// <summary>
/// Reads opt-out, opt-in and help words. A word counts only as the whole text, whatever its case, accents and punctuation; what the
/// carrier itself recognised wins. Opt-in words are for someone who opted out: whoever asks decides whether they act.
/// </summary>
public static partial class OptOutWords
{
    private const int LongestKeyword = 16;
    private const int LongestWithSigns = 100;
    private const int LongestRead = 2_000;

    private static readonly FrozenDictionary<string, OptOutWord> Words = new (OptOutWord Meaning, string[] Words)[]
    {
        (OptOutWord.Stop, ["stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out",
            "arret", "arrete", "arrett", "arretez", "desabonner", "desinscription"]),
        (OptOutWord.Start, ["start", "yes", "unstop", "optin", "opt in", "subscribe", "resubscribe"]),
        (OptOutWord.Help, ["help", "info", "aide"]),
    }.SelectMany(row => row.Words.Select(word => (word, row.Meaning))).ToFrozenDictionary(pair => pair.word, pair => pair.Meaning);

    private static readonly System.Buffers.SearchValues<string> Hints = System.Buffers.SearchValues.Create(
        ["stop", "quit", "opt", "unsub", "remov", "text", "contact", "messag", "alone", "list", "consent", "number", "arret", "arrêt",
            "plus", "desabon", "désabon", "désinscri", "desinscri"],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>The meaning of a text, given Twilio's OptOutType when it sent one. Toll-free numbers don't take "yes" as opting in.</summary>
    public static OptOutWord Read(string body, string? optOutType = null, bool isTollFree = false)
    {
        if (FromCarrier(optOutType) is { } recognised) return recognised;
        var word = Keyword(body);
        if (word.Length > 0 && Words.TryGetValue(word, out var meaning))
            return isTollFree && word == "yes" ? OptOutWord.None : meaning;
        return IsSuspected(body) ? OptOutWord.Suspected : OptOutWord.None;
    }

    private static OptOutWord? FromCarrier(string? optOutType) => optOutType?.Trim().ToUpperInvariant() switch
    {
        "STOP" => OptOutWord.Stop,
        "START" => OptOutWord.Start,
        "HELP" => OptOutWord.Help,
        _ => null,
    };

    /// <summary>The whole text as one keyword would be written; empty when it has more letters than any.</summary>
    private static string Keyword(string body)
    {
        var text = body.AsSpan().Trim();
        if (text.Length > LongestWithSigns) return "";
        var letters = 0;
        foreach (var letter in text)
            if (char.IsLetter(letter) && ++letters > LongestKeyword) return "";
        return letters == 0 ? "" : Plain(text).Replace('\n', ' ');
    }

    private static bool IsSuspected(string body)
    {
        if (!body.AsSpan().ContainsAny(Hints)) return false;
        var text = Plain(body.AsSpan()[..Math.Min(body.Length, LongestRead)]);
        try
        {
            return Request().IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            // A person looks.
            return true;
        }
    }

    /// <summary>
    /// Lower case without accents and apostrophes; a sentence's end becomes a line end, all other signs one space.
    /// "Don't text me, ever!" becomes "dont text me ever".
    /// </summary>
    private static string Plain(ReadOnlySpan<char> text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var letter in Decomposed(text))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format
                || letter is '\'' or '’' or '‘' or '`') continue;
            var mark = char.IsLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : letter is '.' or '!' or '?' or '\n' or ';' ? '\n' : ' ';
            var last = plain.Length > 0 ? plain[^1] : '\n';
            if (mark == ' ' && last is ' ' or '\n') continue;
            if (mark == '\n' && last == ' ') plain.Length--;
            plain.Append(mark);
        }

        return plain.ToString().Trim();
    }

    private static string Decomposed(ReadOnlySpan<char> text)
    {
        var whole = text.ToString();
        try
        {
            return whole.Normalize(NormalizationForm.FormKD);
        }
        catch (ArgumentException)
        {
            // Half a surrogate pair; nothing in it is a keyword's letter.
            return whole;
        }
    }

    // Only requests count, from a sentence's beginning: "how do I stop people texting me" is a question about something else.
    [GeneratedRegex("""
        ^(?:(?:please|pls|plz|kindly|hey|hi|hello|ok|okay|just|no|and|so|now|sorry|thanks|can|could|will|would|you|i|said|told|want|need|like|to|must|should|id|am|im|asking)\ ){0,8}
        (?:
          (?:stop|quit|cease)\ (?:(?:all|with|the|these|this|those|your|ever|sending|me|any|more|spam)\ ){0,4}
            (?:text|texts|texting|messages?|messaging|sms|sending|spam|spamming|contacting|bothering|writing)
            (?:$|\ (?:me|us|this|please|pls|plz|now|anymore|any|already|immediately|here|to\ (?:me|this|my))\b)
        | (?:dont|do\ not|never)\ (?:(?:ever|send|me|any|more|you)\ ){0,4}
            (?:text|texts|message|messages|contact|sms|spam|bother)\ (?:me|us|this|again|anymore|any\ more|please|to\ (?:me|this))\b
        | (?:dont|do\ not|never)\ send\ (?:me\ )?(?:(?:any|more|anymore)\ ){1,3}(?:texts?|messages?|sms)\b
        | no\ more\ (?:texts?|texting|messages?|sms)\b
        | stop(?:\ (?:it|now|this|that|please|pls|plz|already|thanks|thank|you|stop|immediately|all)){0,4}$
        | leave\ me\ alone\b
        | (?:take|get|remove)\ (?:me|us|my\ (?:phone\ |cell\ |mobile\ )?number|this\ number)\ (?:off|from)
            (?:$|\ (?:of\ )?(?:your|this|the|that|these|all)\b)
        | (?:remove|delete)\ (?:me|my\ (?:phone\ |cell\ |mobile\ )?number)$
        | lose\ (?:my|this)\ number\b
        | (?:unsubscribe|optout|opt\ (?:me\ |us\ )?out)(?:\ (?:me|us|my\ number|please|pls|now)){0,2}
            (?:$|\ (?:of|from)\ (?:this|these|your|all|the|texts?|messages?|sms)\b)
        | (?:hereby\ )?(?:revoke|withdraw)\ (?:my\ )?consent\b
        | (?:arretez?|cessez?)\ (?:de\ )?(?:(?:me|nous|les|ces|vos|d)\ )?(?:m?envoyer|m?ecrire|contacter|messages?|sms|textos?)\b
        | ne\ (?:(?:me|nous)\ )?(?:m?envoyez|m?ecrivez|contactez|m?envoie|m?ecris)\ plus\b
        | plus\ de\ (?:messages?|sms|textos?)\b
        | (?:desabonnez|desinscrivez|retirez)\ (?:moi|nous)\b
        )
        """, RegexOptions.Multiline | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Request();
}
