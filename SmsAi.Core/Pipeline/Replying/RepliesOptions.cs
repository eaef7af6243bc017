namespace SmsAi.Core.Pipeline.Replying;

/// <summary>What answers are like.</summary>
public sealed class RepliesOptions
{
    public const string Section = "Replies";

    /// <summary>The longest answer in SMS segments; a longer one is cut at the end of a sentence.</summary>
    public int Segments { get; set; } = 4;

    /// <summary>What a person gets when every try failed.</summary>
    public string Apology { get; set; } = "Sorry, I can't answer right now. Try again in a few minutes.";

    public IEnumerable<string> Faults()
    {
        if (Segments is < 1 or > 10)
            yield return $"{Section}:Segments is {Segments}; set it between 1 and 10.";
        if (string.IsNullOrWhiteSpace(Apology) || Apology.Length > 320)
            yield return $"{Section}:Apology must be a text of 1 to 320 characters.";
    }
}
