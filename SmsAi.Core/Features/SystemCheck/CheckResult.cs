namespace SmsAi.Core.Features.SystemCheck;

/// <summary>How a check ended.</summary>
public enum CheckStatus
{
    Ok,

    /// <summary>It works, but not as it should.</summary>
    Warn,

    Fail,
}

/// <summary>One thing that was tested: what was asked, the literal answer without its secrets, and the way out when it is not well.</summary>
public sealed record CheckResult(string Name, CheckStatus Status, string Asked, string Answer, string? WayOut = null)
{
    /// <summary>It could not be asked yet, since it is a part of this program and the server does not listen.</summary>
    public bool IsEarly { get; private init; }

    internal static CheckResult Early(string name, string asked) =>
        new(name, CheckStatus.Warn, asked, "the server does not listen yet", "Ask again in a moment.") { IsEarly = true };

    internal static CheckResult Ok(string name, string asked, string answer) => new(name, CheckStatus.Ok, asked, answer);

    internal static CheckResult Warn(string name, string asked, string answer, string wayOut) => new(name, CheckStatus.Warn, asked, answer, wayOut);

    internal static CheckResult Fail(string name, string asked, string answer, string wayOut) => new(name, CheckStatus.Fail, asked, answer, wayOut);
}
