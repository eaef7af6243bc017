namespace SmsAi.Core.Features.Sandbox;

/// <summary>What the sandbox can be told to do wrong, for everybody or for one number.</summary>
[Flags]
public enum SandboxFault
{
    /// <summary>Nothing: it works.</summary>
    None = 0,

    /// <summary>Sends are refused as too fast (429).</summary>
    TooFast = 1,

    /// <summary>A text is taken, and the answer never comes.</summary>
    HangAfterAccepting = 2,

    /// <summary>A text is taken, and the answer says 500.</summary>
    ErrorAfterAccepting = 4,

    /// <summary>The carrier refuses our account.</summary>
    AccountRefused = 8,

    /// <summary>The carrier's list can't be asked (503).</summary>
    ListAway = 16,

    /// <summary>Receipts arrive in the wrong order.</summary>
    ReceiptsReversed = 32,

    /// <summary>The last receipt never arrives.</summary>
    ReceiptsLost = 64,

    /// <summary>Every receipt arrives twice.</summary>
    ReceiptsDoubled = 128,

    /// <summary>Texts can't be delivered (30006).</summary>
    Undeliverable = 256,

    /// <summary>The carrier takes people's texts, but its webhooks don't reach us.</summary>
    WebhooksLost = 512,

    /// <summary>The model answers 429.</summary>
    ModelBusy = 1024,

    /// <summary>The model answers 500.</summary>
    ModelError = 2048,

    /// <summary>The model never answers.</summary>
    ModelHangs = 4096,

    /// <summary>The model answers without a text.</summary>
    ModelSilent = 8192,
}

/// <summary>Handsets of the sandbox that always behave in their own way. Nobody owns these numbers.</summary>
public static class SandboxHandsets
{
    /// <summary>Takes the text, then fails it with 30006.</summary>
    public const string Landline = "+12025550190";

    /// <summary>Takes the text, then fails it with 30003.</summary>
    public const string SwitchedOff = "+12025550191";

    /// <summary>Refused with 21614.</summary>
    public const string NotMobile = "+12025550192";

    /// <summary>Refused with 21211.</summary>
    public const string Invalid = "+12025550193";
}
