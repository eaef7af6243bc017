namespace SmsAi.Bench.Loopback;

/// <summary>What the loopback model does with one question.</summary>
public sealed record ModelAct
{
    private ModelAct() { }

    internal ModelReply Reply { get; private init; }

    internal int Status { get; private init; } = 200;

    internal string Text { get; private init; } = "";

    internal string Code { get; private init; } = "";

    internal int? RetryAfterSeconds { get; private init; }

    /// <summary>The tokens it counts for the question; null estimates them.</summary>
    public int? InputTokens { get; init; }

    /// <summary>The tokens it counts for the answer; null estimates them.</summary>
    public int? OutputTokens { get; init; }

    /// <summary>Answers with a text; an empty one is an answer too.</summary>
    public static ModelAct Answer(string text) => new() { Text = text };

    /// <summary>Never answers.</summary>
    public static ModelAct Hang { get; } = new() { Reply = ModelReply.Never };

    /// <summary>The connection breaks.</summary>
    public static ModelAct Reset { get; } = new() { Reply = ModelReply.Reset };

    /// <summary>The answer ends in the middle.</summary>
    public static ModelAct Truncated { get; } = new() { Reply = ModelReply.Half, Text = "This answer never" };

    /// <summary>Fails with a status and a code, such as 429 and <c>insufficient_quota</c>.</summary>
    public static ModelAct Fail(int status, string code, int? retryAfterSeconds = null) =>
        new() { Status = status, Code = code, RetryAfterSeconds = retryAfterSeconds };
}

/// <summary>How a model's answer goes.</summary>
internal enum ModelReply
{
    /// <summary>It arrives.</summary>
    Answer,

    /// <summary>It never comes.</summary>
    Never,

    /// <summary>The connection breaks instead.</summary>
    Reset,

    /// <summary>Half of it comes, as if it were all.</summary>
    Half,
}
