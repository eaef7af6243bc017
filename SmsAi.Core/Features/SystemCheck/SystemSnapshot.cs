namespace SmsAi.Core.Features.SystemCheck;

/// <summary>All that the System page shows, as of one moment.</summary>
public sealed record SystemSnapshot(
    DateTimeOffset At, IReadOnlyList<ServiceView> Services, IReadOnlyList<ReplicaView> Replicas, DatabaseView Database, QueueView Queue);

/// <summary>A service as the replicas that are there see it: the worst of what they say.</summary>
/// <param name="DownFor">Which replicas get no answer.</param>
/// <param name="AskedBy">How many replicas say anything about it.</param>
public sealed record ServiceView(
    string Name, string State, DateTimeOffset? Since, TimeSpan? Latency, string? LastError, DateTimeOffset? LastErrorAt, IReadOnlyList<string> DownFor, int AskedBy)
{
    private static readonly string[] WorstFirst = [ServiceState.Down, ServiceState.Unknown, ServiceState.Up, ServiceState.Off];

    internal static ServiceView Of(string name, IReadOnlyList<(string Replica, ServiceState State)> said)
    {
        var state = WorstFirst.FirstOrDefault(word => said.Any(one => one.State.State == word)) ?? ServiceState.Unknown;
        var same = said.Where(one => one.State.State == state).Select(one => one.State).ToList();
        var lastError = said.Select(one => one.State).Where(one => one.LastErrorAt is not null).MaxBy(one => one.LastErrorAt);
        return new(
            name, state, same.Count == 0 ? null : same.Min(one => one.Since), said.Max(one => one.State.Latency), lastError?.LastError, lastError?.LastErrorAt,
            [.. said.Where(one => one.State.State == ServiceState.Down).Select(one => one.Replica)], said.Count);
    }
}

/// <summary>A replica with its latest figures.</summary>
/// <param name="StoppedAt">When it stopped in order; null while it runs, and when it went without a word.</param>
/// <param name="FiguresAt">When it wrote them; null when it hasn't yet.</param>
public sealed record ReplicaView(
    int Id, string Name, DateTimeOffset StartedAt, DateTimeOffset SeenAt, bool IsThere, DateTimeOffset? StoppedAt, DateTimeOffset? FiguresAt,
    ReplicaFigures? Figures)
{
    /// <summary>It neither answers nor has said that it stops, and that not long ago: somebody may want to look.</summary>
    public bool IsMissedAt(DateTimeOffset now) => !IsThere && StoppedAt is null && SeenAt > now - TimeSpan.FromMinutes(15);
}

/// <summary>The PostgreSQL server as it describes itself.</summary>
/// <param name="OldestTransaction">Of ours; null when none is open.</param>
/// <param name="XminAge">So many transactions back the oldest open one looks: while it does, nothing newer is cleaned away and the ledger's readers wait.</param>
/// <param name="StrayRows">Texts in the default partition, counted to 10,001: their month had no partition.</param>
public sealed record DatabaseView(
    string Version, long SizeBytes, int Connections, int ConnectionsAtMost, TimeSpan? OldestTransaction, long XminAge, int Partitions, string? NewestPartition,
    long StrayRows, IReadOnlyList<KeyValuePair<string, int>> Pools);

/// <summary>What waits to be done, counted to 10,000.</summary>
public sealed record QueueView(int Due, TimeSpan? Oldest, int Held, int DeadLetters);
