namespace SmsAi.Core.Platform.Database;

/// <summary>What the program's migrations and the database's records say when laid side by side: what is to run, and what forbids it.</summary>
public sealed class MigrationPlan
{
    private readonly bool _isNew;

    MigrationPlan(IReadOnlyList<Migration> pending, IReadOnlyList<string> faults, IReadOnlyList<MigrationRecord> failed, bool isNew)
    {
        _isNew = isNew;
        Pending = pending;
        Faults = faults;
        Failed = failed;
    }

    /// <summary>To run, in order; failed ones included.</summary>
    public IReadOnlyList<Migration> Pending { get; }

    /// <summary>Sentences that no flag overrides.</summary>
    public IReadOnlyList<string> Faults { get; }

    /// <summary>Tried and failed; run again only with --force.</summary>
    public IReadOnlyList<MigrationRecord> Failed { get; }

    public bool IsUpToDate => Pending.Count == 0 && Faults.Count == 0;

    public static MigrationPlan Compare(MigrationSet known, IReadOnlyList<MigrationRecord> records)
    {
        var byVersion = known.All.ToDictionary(migration => migration.Version, StringComparer.Ordinal);
        var newest = known.All.Count == 0 ? "" : known.All[^1].Version;
        var faults = new List<string>();
        foreach (var record in records.Where(record => record.IsApplied))
        {
            if (byVersion.TryGetValue(record.Version, out var migration))
            {
                if (migration.Checksum != record.Checksum)
                    faults.Add($"{record.Title} was applied with another text than this program has: a migration that has run is never edited; add a new one.");
            }
            else if (string.CompareOrdinal(record.Version, newest) > 0)
                faults.Add($"The database has migration {record.Title}, which is newer than this program: run the version that brought it, or a later one.");
            else
                faults.Add($"The database has migration {record.Title}, which this program lacks.");
        }
        var applied = records.Where(record => record.IsApplied).Select(record => record.Version).ToHashSet(StringComparer.Ordinal);
        return new MigrationPlan(
            [.. known.All.Where(migration => !applied.Contains(migration.Version))],
            faults,
            [.. records.Where(record => record.HasFailed && byVersion.ContainsKey(record.Version))],
            applied.Count == 0);
    }

    /// <summary>Throws the first reason why this plan may not be carried out.</summary>
    public void EnsureMayRun(bool force, bool production)
    {
        if (Faults.Count > 0) throw new MigrationException(string.Join(Environment.NewLine, Faults));
        if (force) return;
        if (Failed.Count > 0)
        {
            throw new MigrationException(
                $"{Failed[0].Title} failed before ({Failed[0].Error}); correct the cause, then run migrate --force.");
        }
        // A database without a table yet has nothing to lose.
        if (production && !_isNew && Pending.FirstOrDefault(migration => migration.Destructive) is { } destructive)
            throw new MigrationException($"{destructive.Title} drops or empties something; in Production it runs only with migrate --force, after a backup.");
    }
}
