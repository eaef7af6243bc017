namespace SmsAi.Web.Platform.Shell;

/// <summary>What is played by the sandbox instead of being real.</summary>
public sealed record SandboxParts(bool Carrier, bool Model)
{
    public string What => (Carrier, Model) switch
    {
        (true, true) => "Sandbox carrier and sandbox model.",
        (true, false) => "Sandbox carrier, real model.",
        _ => "Sandbox model, real carrier.",
    };

    public string Consequence => (Carrier, Model) switch
    {
        (true, true) => "No text leaves this machine and nothing is charged.",
        (true, false) => "No text leaves this machine; the model is charged.",
        _ => "Texts are sent and charged; the answers are made up.",
    };
}
