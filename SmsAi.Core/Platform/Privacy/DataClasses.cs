namespace SmsAi.Core.Platform.Privacy;

/// <summary>
/// What every column of the database holds and how long: the list that retention, erasure, exports and backups go by. A test fails for
/// a column without a class, so that no personal data is forgotten.
/// </summary>
public static class DataClasses
{
    /// <summary>Where personal data outlives the person or the deadline, each with its reason.</summary>
    internal static readonly Dictionary<string, string> KeptForeverBecause = new()
    {
        ["consents.phone_hash"] = "Who opted out must stay opted out after erasure; only the keyed hash is kept.",
        ["blocked_senders.phone_hash"] = "A blocked sender must stay blocked after erasure; only the keyed hash is kept.",
        ["blocked_senders.phone_tail"] = "Two digits by which operators tell blocked numbers apart; they name nobody.",
        ["audit.actor"] = "The trail of operators' acts is append only and bound by hashes.",
        ["audit.ip"] = "Part of the audit trail's hash chain.",
        ["audit.session"] = "Part of the audit trail's hash chain.",
    };

    // Quartz owns the columns of its tables; ours is what jobs carry, and a job carries ids and settings only.
    private const string SchedulerTables = "qrtz_";

    /// <summary>Every column of our own tables.</summary>
    public static IReadOnlyList<ColumnClass> All { get; } =
        [.. PeopleData.Columns, .. MessageData.Columns, .. ServiceData.Columns, .. AccessData.Columns];

    /// <summary>The class of a column, the scheduler's included; null for a column nobody has thought about.</summary>
    public static ColumnClass? Find(string table, string column) =>
        table.StartsWith(SchedulerTables, StringComparison.Ordinal)
            ? new ColumnClass(table, column, DataClass.Internal, Retention.WhileNeeded)
            : All.FirstOrDefault(known => known.Table == table && known.Column == column);
}

/// <summary>One column with its class and retention.</summary>
public sealed record ColumnClass(string Table, string Column, DataClass Class, Retention Retention)
{
    /// <summary>Rows of the registry for one table: class, retention, and the columns they hold for.</summary>
    internal static IEnumerable<ColumnClass> In(string table, params (DataClass Class, Retention Kept, string Columns)[] rows) =>
        rows.SelectMany(row => row.Columns.Split(' ').Select(column => new ColumnClass(table, column, row.Class, row.Kept)));
}

/// <summary>Who may see a column's contents.</summary>
public enum DataClass
{
    /// <summary>Anyone.</summary>
    Public,

    /// <summary>Operators; says nothing about a person by itself.</summary>
    Internal,

    /// <summary>About a person: leaves with her, never in a log.</summary>
    Personal,

    /// <summary>Keys and credentials: on no page, in no export.</summary>
    Secret,
}

/// <summary>How long a column's contents are kept.</summary>
public enum Retention
{
    Forever,

    /// <summary>Until the person is erased.</summary>
    WithPerson,

    /// <summary>Until the operator's account is removed.</summary>
    WithOperator,

    Year,
    Days90,
    Hours24,

    /// <summary>Living work: the row leaves when it is done.</summary>
    WhileNeeded,
}
