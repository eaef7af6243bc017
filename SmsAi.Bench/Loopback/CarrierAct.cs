namespace SmsAi.Bench.Loopback;

/// <summary>What the loopback carrier does with one request to send: whether it takes the text, and what its answer looks like.</summary>
public sealed record CarrierAct
{
    private CarrierAct() { }

    /// <summary>The text is taken, whatever the answer says.</summary>
    public bool Takes { get; private init; }

    /// <summary>How the answer goes.</summary>
    public CarrierReply Reply { get; private init; }

    /// <summary>The answer's status.</summary>
    public int Status { get; private init; } = 201;

    /// <summary>The carrier's own error number.</summary>
    public int Code { get; private init; }

    /// <summary>The pause a "too fast" asks for.</summary>
    public int? RetryAfterSeconds { get; private init; }

    /// <summary>Takes it and says so.</summary>
    public static CarrierAct Accept { get; } = new() { Takes = true };

    /// <summary>Takes it, and never answers.</summary>
    public static CarrierAct AcceptThenHang { get; } = new() { Takes = true, Reply = CarrierReply.Never };

    /// <summary>Takes it, and the connection breaks.</summary>
    public static CarrierAct AcceptThenReset { get; } = new() { Takes = true, Reply = CarrierReply.Reset };

    /// <summary>Takes it, and answers 500.</summary>
    public static CarrierAct AcceptThenError { get; } = new() { Takes = true, Status = 500, Code = 20500 };

    /// <summary>Does not take it, and never answers.</summary>
    public static CarrierAct Hang { get; } = new() { Reply = CarrierReply.Never };

    /// <summary>Does not take it, and the connection breaks.</summary>
    public static CarrierAct Reset { get; } = new() { Reply = CarrierReply.Reset };

    /// <summary>Too fast.</summary>
    public static CarrierAct TooFast(int? retryAfterSeconds = null) => new() { Status = 429, Code = 20429, RetryAfterSeconds = retryAfterSeconds };

    /// <summary>Refuses it with an error number, such as 21610.</summary>
    public static CarrierAct Refuse(int code, int status = 400) => new() { Status = status, Code = code };
}

/// <summary>How an answer goes.</summary>
public enum CarrierReply
{
    /// <summary>It arrives.</summary>
    Answer,

    /// <summary>It never comes.</summary>
    Never,

    /// <summary>The connection breaks instead.</summary>
    Reset,
}

/// <summary>One delivery receipt: what it says, how long after the one before, and whether it beats the answer to the send itself.</summary>
public sealed record ReceiptStep(string Status, int? ErrorCode, TimeSpan After, bool IsBeforeAnswer = false);

/// <summary>Ways the receipts of a text may come.</summary>
public static class ReceiptPlans
{
    /// <summary>None ever.</summary>
    public static IReadOnlyList<ReceiptStep> Never { get; } = [];

    /// <summary>Sent, then delivered.</summary>
    public static IReadOnlyList<ReceiptStep> Delivered(TimeSpan step) => [new("sent", null, step), new("delivered", null, step)];

    /// <summary>Sent, then not delivered.</summary>
    public static IReadOnlyList<ReceiptStep> Undelivered(TimeSpan step, int errorCode) =>
        [new("sent", null, step), new("undelivered", errorCode, step)];

    /// <summary>"Sent" arrives before the answer to the send.</summary>
    public static IReadOnlyList<ReceiptStep> Early(TimeSpan step) =>
        [new("sent", null, TimeSpan.Zero, IsBeforeAnswer: true), new("delivered", null, step)];

    /// <summary>The same receipts in any order, each one to three times.</summary>
    public static IReadOnlyList<ReceiptStep> Shuffled(IReadOnlyList<ReceiptStep> plan, Random random)
    {
        var steps = plan.SelectMany(step => Enumerable.Repeat(step, random.Next(1, 4))).ToArray();
        random.Shuffle(steps);
        return steps;
    }
}
