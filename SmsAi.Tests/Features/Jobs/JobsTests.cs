using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.Jobs;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.Jobs;

/// <summary>Jobs on real schedulers over real PostgreSQL: run on demand, written down, switched off for good and on again.</summary>
public sealed class JobsTests : IAsyncLifetime
{
    private readonly JobBench.Gate _gate = new();
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Asked_for_job_shows_while_it_runs_and_then_who_why_where_and_how_long()
    {
        using var host = await JobBench.StartAsync(_database, _gate);
        (await host.Acts().RunAsync("gated", "after the outage", JobBench.Mara, CancellationToken.None)).ShouldBe(JobOutcome.Done);
        await Until.TrueAsync(async () => (await host.JobAsync("gated")).Running?.State == RunState.Running, "it runs");

        (await host.Acts().RunAsync("gated", "me too", JobBench.Mara, CancellationToken.None)).ShouldBe(JobOutcome.AlreadySo);
        _gate.Open.Release();

        await Until.TrueAsync(async () => (await host.JobAsync("gated")).LastEnded is not null, "it ended");
        var run = (await host.JobAsync("gated")).Runs.ShouldHaveSingleItem();
        (run.State, run.By, run.Reason, run.Fault).ShouldBe((RunState.Succeeded, "Mara", "after the outage", null));
        run.Replica.ShouldBe(host.Services.GetRequiredService<Replica>().Name);
        run.Took!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        (await _database.ListAsync<string>("select actor || ' ' || action || ' ' || resource || ' ' || (metadata ->> 'reason') from audit"))
            .ShouldBe(["Mara job.run job:gated after the outage"]);
        await host.StopAsync();
    }

    [Fact]
    public async Task Failed_run_says_what_kind_of_fault_but_not_its_words()
    {
        using var host = await JobBench.StartAsync(_database, _gate);

        await host.Acts().RunAsync("failing", "try", JobBench.Mara, CancellationToken.None);

        await Until.TrueAsync(async () => (await host.JobAsync("failing")).LastEnded is not null, "it ended");
        var run = (await host.JobAsync("failing")).LastEnded!;
        (run.State, run.Fault).ShouldBe((RunState.Failed, "FormatException"));
        await host.StopAsync();
    }

    [Fact]
    public async Task Switched_off_job_runs_on_no_replica_nor_after_a_restart_until_it_is_switched_on()
    {
        using var one = await JobBench.StartAsync(_database, _gate);
        using var other = await JobBench.StartAsync(_database, _gate);
        await Until.TrueAsync(async () => (await one.JobAsync("ticking")).LastEnded is not null, "it runs by its schedule");

        (await one.Acts().DisableAsync("ticking", "too chatty", JobBench.Mara, CancellationToken.None)).ShouldBe(JobOutcome.Done);
        (await other.Acts().DisableAsync("ticking", "again", JobBench.Mara, CancellationToken.None)).ShouldBe(JobOutcome.AlreadySo);
        var off = await other.JobAsync("ticking");
        (off.NextAt, off.Off!.By, off.Off.Reason).ShouldBe((null, "Mara", "too chatty"));
        // A firing under way when it was switched off may still end.
        await Until.TrueAsync(async () => (await one.JobAsync("ticking")).Running is null, "nothing is under way");
        await one.StopAsync();
        await other.StopAsync();
        var before = await RunsAsync("ticking");

        using var again = await JobBench.StartAsync(_database, _gate);
        // The scheduler works: something else is run meanwhile, and takes longer than two firings.
        var started = DateTimeOffset.UtcNow;
        await again.Acts().RunAsync("gated", "to see that it works", JobBench.Mara, CancellationToken.None);
        await Until.TrueAsync(async () => (await again.JobAsync("gated")).Running?.State == RunState.Running, "another one runs");
        await Until.TrueAsync(() => DateTimeOffset.UtcNow - started > TimeSpan.FromSeconds(3), "two firings went by");
        (await RunsAsync("ticking")).ShouldBe(before);

        (await again.Acts().EnableAsync("ticking", "quiet now", JobBench.Mara, CancellationToken.None)).ShouldBe(JobOutcome.Done);
        await Until.TrueAsync(async () => await RunsAsync("ticking") > before, "it runs again");
        (await again.JobAsync("ticking")).Off.ShouldBeNull();
        (await _database.ListAsync<string>("select action from audit where resource = 'job:ticking' order by id")).ShouldBe(["job.disable", "job.enable"]);
        _gate.Open.Release();
        await again.StopAsync();
    }

    [Fact]
    public async Task Switched_off_job_runs_when_somebody_asks_for_it()
    {
        using var host = await JobBench.StartAsync(_database, _gate);
        await host.Acts().DisableAsync("gated", "not by itself", JobBench.Mara, CancellationToken.None);
        _gate.Open.Release();

        await host.Acts().RunAsync("gated", "but now", JobBench.Mara, CancellationToken.None);

        await Until.TrueAsync(async () => (await host.JobAsync("gated")).LastEnded?.State == RunState.Succeeded, "it ended");
        await host.StopAsync();
    }

    [Fact]
    public async Task Run_whose_replica_went_away_is_lost_and_does_not_stand_in_the_way()
    {
        using var host = await JobBench.StartAsync(_database, _gate);
        await _database.ExecuteAsync("""
            insert into replicas (name, seen_at) values ('gone', now() - interval '5 minutes');
            insert into job_runs (job, replica, requested_at, started_at) values ('gated', 'gone', now() - interval '5 minutes', now() - interval '5 minutes')
            """);
        (await host.JobAsync("gated")).LastEnded!.State.ShouldBe(RunState.Lost);
        _gate.Open.Release();

        (await host.Acts().RunAsync("gated", "again", JobBench.Mara, CancellationToken.None)).ShouldBe(JobOutcome.Done);

        await Until.TrueAsync(async () => (await host.JobAsync("gated")).Runs[0].State == RunState.Succeeded, "it ended");
        await host.StopAsync();
    }

    [Theory]
    [InlineData(OperatorRoles.Viewer)]
    [InlineData(OperatorRoles.Auditor)]
    [InlineData(OperatorRoles.Operator)]
    public async Task Only_admins_act_on_jobs(string role)
    {
        using var host = await JobBench.StartAsync(_database, _gate);
        var actor = JobBench.Mara with { Role = role };

        await Should.ThrowAsync<UnauthorizedAccessException>(() => host.Acts().RunAsync("gated", "x", actor, CancellationToken.None));
        await Should.ThrowAsync<UnauthorizedAccessException>(() => host.Acts().DisableAsync("gated", "x", actor, CancellationToken.None));
        await Should.ThrowAsync<UnauthorizedAccessException>(() => host.Acts().EnableAsync("gated", "x", actor, CancellationToken.None));
        (await _database.ScalarAsync<long>("select count(*) from audit")).ShouldBe(0);
        await host.StopAsync();
    }

    [Fact]
    public async Task Old_runs_are_forgotten_but_failures_and_wished_ones_later()
    {
        await _database.ExecuteAsync("""
            insert into job_runs (id, job, requested_at, started_at, finished_at, succeeded, by_name)
            select n, 'gated', at, at, at, ok, who from (values
              (1, now() - interval '8 days', true, null), (2, now() - interval '8 days', false, null), (3, now() - interval '8 days', true, 'Mara'),
              (4, now() - interval '6 days', true, null), (5, now() - interval '91 days', false, 'Mara')) v (n, at, ok, who)
            """);

        await new JobRunRetentionJob(_database.Databases, TimeProvider.System).RemoveAsync(CancellationToken.None);

        (await _database.ListAsync<long>("select id from job_runs order by id")).ShouldBe([2, 3, 4]);
    }

    private Task<long> RunsAsync(string job) => _database.ScalarAsync<long>("select count(*) from job_runs where job = $1 and started_at is not null", job);
}
