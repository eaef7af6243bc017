using Npgsql;
using Quartz;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Scheduling;

namespace SmsAi.Core.Features.Jobs;

/// <summary>Reads every job with its latest runs, its next one, and who switched it off.</summary>
public sealed class JobList(Databases databases, IEnumerable<ScheduledJob> jobs, TimeProvider clock)
{
    public const int RunsOfEach = 12;

    private readonly ScheduledJob[] _jobs = [.. jobs.OrderBy(job => job.Name, StringComparer.Ordinal)];

    public async Task<IReadOnlyList<JobView>> ReadAsync(CancellationToken cancel)
    {
        await using var batch = databases.Pages.CreateBatch();
        batch.BatchCommands.Add(new(JobSql.Runs) { Parameters = { new() { Value = _jobs.Select(job => job.Name).ToArray() }, new() { Value = RunsOfEach } } });
        batch.BatchCommands.Add(new(JobSql.Switches));
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        var runs = new List<(string Job, JobRun Run)>();
        while (await rows.ReadAsync(cancel)) runs.Add((rows.GetString(0), Run(rows)));
        await rows.NextResultAsync(cancel);
        var off = new Dictionary<string, JobSwitch>();
        while (await rows.ReadAsync(cancel)) off[rows.GetString(0)] = new(rows.GetString(1), rows.GetFieldValue<DateTimeOffset>(2), rows.GetString(3));
        var byJob = runs.ToLookup(run => run.Job, run => run.Run);
        var now = clock.GetUtcNow();
        return [.. _jobs.Select(job => new JobView(
            job.Name, job.What, CronWords.Of(job.Cron), off.ContainsKey(job.Name) ? null : Next(job.Cron, now), off.GetValueOrDefault(job.Name), [.. byJob[job.Name]]))];
    }

    private static DateTimeOffset? Next(string cron, DateTimeOffset now) => new CronExpression(cron, TimeZoneInfo.Utc).GetNextValidTimeAfter(now);

    private static JobRun Run(NpgsqlDataReader row)
    {
        DateTimeOffset? started = Time(row, 3), finished = Time(row, 4);
        var state = (started, finished) switch
        {
            (_, not null) => row.GetBoolean(5) ? RunState.Succeeded : RunState.Failed,
            (null, null) => RunState.Requested,
            _ => row.GetBoolean(10) ? RunState.Running : RunState.Lost,
        };
        return new(row.GetInt64(1), row.GetFieldValue<DateTimeOffset>(2), started, finished, state, Text(row, 6), Text(row, 7), Text(row, 8), Text(row, 9));
    }

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
