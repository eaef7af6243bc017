using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Scheduling;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Platform.Scheduling;

/// <summary>Replicas share their jobs: each firing runs once, and goes on when one of them is gone.</summary>
public sealed class SchedulingTests
{
    /// <summary>Notes when it was meant to run, and where it did.</summary>
    public sealed class NotingJob(Notes notes, Replica replica) : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            notes.Runs.Add((context.ScheduledFireTimeUtc!.Value, replica.Name));
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>What ran, of all replicas.</summary>
    public sealed class Notes
    {
        public ConcurrentBag<(DateTimeOffset At, string Replica)> Runs { get; } = [];
    }

    /// <summary>Which replica this is.</summary>
    public sealed record Replica(string Name);

    static async Task<IHost> StartAsync(TestDatabase database, Notes notes, string name)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:Postgres", database.ConnectionString)]);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddSingleton(notes).AddSingleton(new Replica(name));
        builder.Services.AddDatabase(builder.Configuration).AddScheduling();
        builder.Services.AddClusteredJob<NotingJob>("noting", "* * * * * ?");
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    [Fact]
    public async Task Each_firing_runs_in_one_replica_and_goes_on_when_the_other_is_gone()
    {
        await using var database = await TestDatabase.CreateAsync();
        var notes = new Notes();
        using var one = await StartAsync(database, notes, "one");
        using var other = await StartAsync(database, notes, "other");
        await Until.TrueAsync(() => notes.Runs.Select(run => run.At).Distinct().Count() >= 4, "four firings");
        notes.Runs.GroupBy(run => run.At).Where(firing => firing.Count() > 1).ShouldBeEmpty();

        await one.StopAsync();
        var before = notes.Runs.Max(run => run.At);
        await Until.TrueAsync(() => notes.Runs.Count(run => run.At > before && run.Replica == "other") >= 2, "the other goes on");
        await other.StopAsync();
    }

    [Fact]
    public async Task Partitions_are_made_at_start()
    {
        await using var database = await TestDatabase.CreateAsync();
        var last = await database.ScalarAsync<string>("select max(inhrelid::regclass::text) from pg_inherits where inhparent = 'messages'::regclass and inhrelid::regclass::text <> 'messages_default'");
        await database.ExecuteAsync($"drop table {last}");
        using var host = await StartAsync(database, new Notes(), "one");
        await Until.TrueAsync(async () => await database.ScalarAsync<bool>("select to_regclass($1) is not null", last), $"{last} is back");
        await host.StopAsync();
    }
}
