namespace SmsAi.Web.Platform.Shell.Screens;

/// <summary>How much of the console one operator may have open (section <c>Console</c>).</summary>
public sealed class ScreenOptions
{
    public const string Section = "Console";

    /// <summary>Screens of one operator on one replica at once: each holds memory of the server's.</summary>
    public int ScreensAtOnce { get; set; } = 10;

    /// <summary>All that is wrong at once, each sentence beginning with its key.</summary>
    public IEnumerable<string> Faults()
    {
        if (ScreensAtOnce is < 1 or > 1000) yield return $"{Section}:{nameof(ScreensAtOnce)} must be from 1 to 1000.";
    }
}
