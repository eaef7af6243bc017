using Npgsql;
using SmsAi.Core.Platform.Access;

namespace SmsAi.Core.Features.Metrics;

/// <summary>Says in words what waits for a person.</summary>
internal static class NeedsYouWords
{
    public static NeedsYou Row(NpgsqlDataReader row)
    {
        var (kind, count, reasons) = (row.GetString(0), row.GetInt32(1), row.IsDBNull(3) ? "" : row.GetString(3));
        return new(
            kind, count, row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2), Detail(kind, reasons), row.IsDBNull(4) ? null : row.GetInt64(4));
    }

    public static string Title(string kind, int count)
    {
        var many = NumberText.Of(count);
        return (kind, count) switch
        {
            ("dead_letters", 1) => "1 dead letter",
            ("dead_letters", _) => $"{many} dead letters",
            ("uncertain", 1) => "1 text uncertain",
            ("uncertain", _) => $"{many} texts uncertain",
            ("needs_person", 1) => "1 text needs a person",
            ("needs_person", _) => $"{many} texts need a person",
            ("cannot_stop", 1) => "1 replica can't prove that it stops",
            ("cannot_stop", _) => $"{many} replicas can't prove that they stop",
            ("audit_copy", _) => "The audit trail's copy outside fails",
            ("chain", _) => "The audit trail's chain is broken",
            (_, 1) => "1 critical error",
            _ => $"{many} critical errors",
        };
    }

    private static string Detail(string kind, string reasons) => kind switch
    {
        "uncertain" => "the carrier is asked before anything is sent again",
        "needs_person" => "the carrier could not say whether it has them",
        // Reasons are fixed words with underscores, separated by spaces.
        _ => string.Join(", ", reasons.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(4).Select(reason => reason.Replace('_', ' '))),
    };
}
