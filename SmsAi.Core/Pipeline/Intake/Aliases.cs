using System.Globalization;

namespace SmsAi.Core.Pipeline.Intake;

/// <summary>
/// Names people are shown by instead of their numbers, such as amber-otter-41: one for each user id, different for different ids.
/// A block of 4,096 ids uses each pair of words once; the number tells the blocks apart.
/// </summary>
public static class Aliases
{
    private const int Pairs = 64 * 64;

    private static readonly string[] Adjectives =
    [
        "amber", "agile", "azure", "bold", "brave", "brisk", "bright", "calm", "candid", "clear", "clever", "cobalt", "copper", "coral", "crisp", "curly",
        "dapper", "dusky", "eager", "early", "fair", "fond", "gentle", "glad", "golden", "grand", "green", "happy", "hardy", "honest", "ivory", "jolly",
        "keen", "kind", "late", "light", "lively", "lucky", "mellow", "merry", "mild", "mossy", "neat", "nimble", "noble", "north", "olive", "patient",
        "plain", "polite", "proud", "quick", "quiet", "rapid", "river", "rosy", "sandy", "silver", "smart", "soft", "sunny", "tidy", "warm", "witty",
    ];

    private static readonly string[] Animals =
    [
        "adder", "badger", "bear", "beaver", "bison", "bobcat", "crane", "crow", "curlew", "deer", "dove", "duck", "eagle", "egret", "elk", "falcon",
        "ferret", "finch", "fox", "gecko", "goose", "grouse", "gull", "hare", "hawk", "heron", "ibex", "ibis", "jackal", "jay", "kestrel", "kite",
        "koala", "lark", "lemur", "lizard", "llama", "lynx", "magpie", "marten", "mole", "moose", "newt", "otter", "owl", "panda", "plover", "puffin",
        "quail", "rabbit", "raven", "robin", "seal", "shrew", "stoat", "stork", "swan", "tern", "toad", "trout", "vole", "weasel", "wolf", "wren",
    ];

    public static string Of(long userId)
    {
        var (block, within) = Math.DivRem(userId, Pairs);
        // 2741 is odd, so the multiplication visits each pair once; 37 and 90 share no factor, so the blocks of a pair get different numbers.
        var pair = (int)((within * 2741 + 977) % Pairs);
        var (hundreds, turn) = Math.DivRem(block, 90);
        var number = hundreds * 100 + 10 + (turn * 37 + pair * 53) % 90;
        return string.Create(CultureInfo.InvariantCulture, $"{Adjectives[pair % 64]}-{Animals[pair / 64]}-{number}");
    }
}
