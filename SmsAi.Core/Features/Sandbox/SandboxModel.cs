using System.Globalization;
using System.Text.RegularExpressions;

namespace SmsAi.Core.Features.Sandbox;

/// <summary>
/// Plays the language model: short answers to a few topics, and otherwise a sentence that shows what it was asked.
/// The same conversation always gets the same answer.
/// </summary>
public static partial class SandboxModel
{
    /// <summary>The name it answers under, which has prices of its own.</summary>
    public const string Name = "sandbox";

    private const int LongestQuote = 120;

    private static readonly (string[] Words, string Answer)[] Topics =
    [
        (["hello", "hi", "hey", "hallo", "hola", "good morning", "good evening"], "Hello! I'm the sandbox assistant. Ask me something, or tell me what you need."),
        (["thanks", "thank you", "thx", "danke", "gracias"], "You're welcome! Text me whenever you need something."),
        (["bye", "goodbye", "see you"], "Goodbye! Text me again any time."),
        (["who are you", "what are you", "are you human", "are you a bot", "your name"], "I'm SmsAi's sandbox assistant, a program that answers without any outside service."),
        (["open", "opening", "hours", "close", "closing"], "We're open Monday to Friday from 9 to 5. Can I help you with anything else?"),
        (["price", "prices", "cost", "costs", "how much"], "Our basic plan costs $10 a month, and the first month is free. Shall I tell you more?"),
        (["order", "delivery", "package", "tracking"], "I've looked into it: your order is on its way and should arrive within two days."),
        (["appointment", "book", "booking", "reservation"], "Sure. The next free times are Tuesday 10:00 and Thursday 14:30. Which one suits you?"),
        (["weather", "rain", "sunny"], "I can't look outside from the sandbox, but an umbrella never hurts."),
        (["joke", "funny"], "Why did the text message go to school? It wanted better character."),
        (["help", "support", "problem", "broken"], "I'm sorry to hear that. Tell me in one or two sentences what happened, and I'll see what can be done."),
        (["where", "address", "location"], "You find us at 12 Example Street. Shall I send you directions?"),
    ];

    /// <summary>The next turn of a conversation, whose turns are the role and the text each.</summary>
    public static string Answer(IReadOnlyList<(string Role, string Text)> turns)
    {
        var said = turns.Where(turn => turn.Role == "user").Select(turn => turn.Text.Trim()).ToList();
        if (said is [])
            return "Hello! How can I help you?";
        var text = said[^1];
        if (text.Length == 0)
            return "I got an empty message. What would you like to know?";
        if (turns.Where(turn => turn.Role != "user").Select(turn => ShorterThan().Match(turn.Text)).FirstOrDefault(match => match.Success) is { } wanted)
            return FirstWords(text, int.Parse(wanted.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
        var words = Normalise(text);
        if (said.Count > 1 && (words.Contains(" what did i ", StringComparison.Ordinal) || words.Contains(" remember ", StringComparison.Ordinal)))
            return $"Before that, you said: \"{Quote(said[^2])}\".";
        foreach (var (topics, answer) in Topics)
            if (topics.Any(topic => words.Contains($" {topic} ", StringComparison.Ordinal)))
                return answer;
        return text.EndsWith('?')
            ? $"You asked: \"{Quote(text)}\". In the sandbox I can't look that up, but a real model would answer here."
            : $"You said: \"{Quote(text)}\". Got it, thanks! Anything else?";
    }

    /// <summary>About as many tokens as a service would count: one for four characters.</summary>
    public static int Tokens(string text) => (text.Length + 3) / 4;

    private static string Normalise(string text) =>
        " " + string.Join(' ', text.ToLowerInvariant().Split([' ', '\n', '\r', '\t', '.', ',', '!', '?', ':', ';', '"', '(', ')'], StringSplitOptions.RemoveEmptyEntries)) + " ";

    /// <summary>Asked to say something shorter, it keeps the whole words that fit.</summary>
    private static string FirstWords(string text, int letters)
    {
        if (text.Length <= letters)
            return text;
        var end = text.LastIndexOf(' ', letters - 1);
        return end > 0 ? text[..end].TrimEnd(',', ';', ':', ' ') : text;
    }

    [GeneratedRegex(@"^You shorten text messages\..* in at most ([0-9]{1,4}) characters")]
    private static partial Regex ShorterThan();

    private static string Quote(string text)
    {
        var line = text.ReplaceLineEndings(" ").Replace('"', '\'');
        if (line.Length <= LongestQuote)
            return line;
        // Not between the two halves of one character.
        var end = char.IsHighSurrogate(line[LongestQuote - 1]) ? LongestQuote - 1 : LongestQuote;
        return line[..end] + "...";
    }
}
