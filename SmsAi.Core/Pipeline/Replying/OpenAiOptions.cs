namespace SmsAi.Core.Pipeline.Replying;

/// <summary>Settings of the language model. Without a key, the sandbox model answers.</summary>
public sealed class OpenAiOptions
{
    /// <summary>Where they stand in the configuration.</summary>
    public const string Section = "OpenAI";

    /// <summary>The address that is used when none is set.</summary>
    public const string DefaultBaseUrl = "https://api.openai.com/v1";

    /// <summary>The secret key. Servers of one's own that want none take any text.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>The service's address; change it for a server that speaks the same protocol. A path is below our own address.</summary>
    public string BaseUrl { get; set; } = DefaultBaseUrl;

    /// <summary>The model that answers.</summary>
    public string Model { get; set; } = "gpt-4o-mini";

    /// <summary>The longest answer, in tokens. 150 are about 600 characters, four parts of a text.</summary>
    public int MaxTokens { get; set; } = 150;

    /// <summary>How freely it answers, 0 to 2. At 1, the service's own default, it isn't sent, since some models accept no other.</summary>
    public double Temperature { get; set; } = 0.7;

    /// <summary>How long one answer may take before it counts as lost.</summary>
    public int TimeoutSeconds { get; set; } = 20;

    /// <summary>What the model is told about its task.</summary>
    public string SystemPrompt { get; set; } =
        "You answer people by text message. Be friendly, correct and brief: at most three short sentences in plain text, "
        + "without markdown, lists or emoji. Answer in the language of the question. If you don't know, say so. "
        + "Never ask for passwords, card numbers or other secrets, and never claim to be a human.";

    /// <summary>Whether our own sandbox model answers; decided once, at start.</summary>
    public bool IsSandbox { get; set; }

    /// <summary>What is wrong with the settings, in words for the person who made them.</summary>
    public IEnumerable<string> Faults()
    {
        if (!IsSandbox && string.IsNullOrWhiteSpace(ApiKey) && BaseUrl != DefaultBaseUrl)
            yield return "OpenAI:BaseUrl is set without OpenAI:ApiKey. A server that needs no key takes any text, for example \"none\".";
        if (!BaseUrl.StartsWith('/') && (!Uri.TryCreate(BaseUrl, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")))
            yield return "OpenAI:BaseUrl must be an http or https address, such as " + DefaultBaseUrl + ".";
        if (string.IsNullOrWhiteSpace(Model))
            yield return "OpenAI:Model must name a model, such as gpt-4o-mini.";
        if (MaxTokens is < 1 or > 16_384)
            yield return "OpenAI:MaxTokens must be between 1 and 16384.";
        if (Temperature is < 0 or > 2 or double.NaN)
            yield return "OpenAI:Temperature must be between 0 and 2.";
        if (TimeoutSeconds is < 1 or > 300)
            yield return "OpenAI:TimeoutSeconds must be between 1 and 300.";
    }
}
