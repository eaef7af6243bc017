namespace SmsAi.Core.Features.Sandbox;

/// <summary>How fast the sandbox plays its parts.</summary>
public sealed class SandboxOptions
{
    /// <summary>Where they stand in the configuration.</summary>
    public const string Section = "Sandbox";

    /// <summary>How long the sandbox model thinks.</summary>
    public int ModelMilliseconds { get; set; } = 300;

    /// <summary>The time from one delivery receipt to the next.</summary>
    public int ReceiptMilliseconds { get; set; } = 350;

    /// <summary>What is wrong with the settings, in words for the person who made them.</summary>
    public IEnumerable<string> Faults()
    {
        if (ModelMilliseconds is < 0 or > 60_000)
            yield return "Sandbox:ModelMilliseconds must be between 0 and 60000.";
        if (ReceiptMilliseconds is < 0 or > 60_000)
            yield return "Sandbox:ReceiptMilliseconds must be between 0 and 60000.";
    }
}
