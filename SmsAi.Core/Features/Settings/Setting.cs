namespace SmsAi.Core.Features.Settings;

/// <summary>What a setting holds.</summary>
public enum SettingKind
{
    Text,
    LongText,
    Whole,
    Number,
    Duration,
    Switch,

    /// <summary>Several values; only in files and the environment.</summary>
    List,
}

/// <summary>One setting there is.</summary>
/// <param name="Allowed">Which values it takes, in words.</param>
/// <param name="Default">What holds when nobody says anything; null: nothing.</param>
/// <param name="IsLive">It may be changed while the service runs; the others want a restart.</param>
/// <param name="Options">The class it belongs to; null for what is read without one.</param>
public sealed record Setting(
    string Key, string Group, string Meaning, string Allowed, SettingKind Kind, string? Default, bool IsSecret, bool IsLive, Type? Options)
{
    public string Section => Key[..Math.Max(0, Key.LastIndexOf(':'))];

    /// <summary>The name the environment knows it by.</summary>
    public string EnvironmentName => Key.Replace(":", "__", StringComparison.Ordinal);
}

/// <summary>Where a value in force comes from.</summary>
public enum SettingSource
{
    Default,
    File,
    Environment,

    /// <summary>The service's own server, key or sandbox, or the command line.</summary>
    Program,
    Console,
}

/// <summary>A setting with the value in force; of a secret only whether it is set.</summary>
/// <param name="Value">Null when nothing is set, and for secrets always.</param>
/// <param name="Version">Of the console's value; 0 when the console never had one.</param>
public sealed record SettingView(
    Setting Setting, string? Value, bool IsSet, SettingSource Source, string SourceName, int Version, string? ChangedBy, DateTimeOffset? ChangedAt);

/// <summary>One change of a setting.</summary>
/// <param name="Value">Null: back to the file, the environment or the default.</param>
public sealed record SettingChange(int Version, DateTimeOffset At, string By, string? Reason, string? Value);

/// <summary>What came of changing a setting.</summary>
public abstract record SettingOutcome
{
    public sealed record Done : SettingOutcome;

    /// <summary>The value is not allowed; the words begin with the key.</summary>
    public sealed record Wrong(string Fault) : SettingOutcome;

    /// <summary>Somebody else changed it since it was read.</summary>
    public sealed record Conflict(SettingChange Theirs) : SettingOutcome;
}
