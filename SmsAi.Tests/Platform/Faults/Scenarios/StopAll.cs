using SmsAi.Tests.Journeys;
using SmsAi.Tests.Platform.Redis;

namespace SmsAi.Tests.Platform.Faults.Scenarios;

/// <summary>RF-07 and RF-08: from the commit of "stop all" on nothing leaves any replica, whatever else is broken.</summary>
[Collection(FaultCollection.Name)]
public sealed class StopAll(TwoReplicas two)
{
    private const int People = 50;

    private static readonly TimeSpan CancelsWithin = TimeSpan.FromSeconds(1);

    private volatile bool _isCut;
    private Task _cutting = Task.CompletedTask;

    [Fact]
    public async Task RF07_Nothing_leaves_after_any_of_many_flips_and_nothing_is_lost_by_them()
    {
        using var run = new FaultRun("RF-07", "stop all, many flips");
        var service = await two.BeginAsync();
        var (flips, rate) = FaultRun.Size((4, 40), (20, 100));
        await using var hand = await SwitchHand.AtAsync(service);
        var isOver = false;
        // Most answers come at once; a few are still being thought about when a flip comes.
        service.Model.Latency = () => TimeSpan.FromMilliseconds(Random.Shared.Next(20) == 0 ? 2000 : Random.Shared.Next(5, 60));
        var turn = 0;
        var crowd = service.Driver.CrowdAsync(() => service.Replicas[Interlocked.Increment(ref turn) % 2], People, each: 1, perSecond: rate, goesOn: () => !isOver);
        var silenced = RoadDriver.NumberOf(9990);
        await service.Driver.TextAsync(() => two.A, silenced, "before she stops");
        var helped = await service.Driver.TextAsync(() => two.A, RoadDriver.NumberOf(9991), "she is answered by hand from now on");
        await Until.TrueAsync(() => service.Driver.Accepted.Any(text => text.To == helped.From), "she is answered");
        var desk = await OperatorHand.TakeAsync(service, helped);
        var writing = WriteUntilAsync(desk, () => isOver);
        for (var flip = 0; flip < flips; flip++)
        {
            await Task.Delay(run.Random.Next(600, 1200));
            await hand.StopAllAsync("drill");
            run.Caused("stop all");
            await Task.Delay(run.Random.Next(800, 1400));
            if (flip == 1)
                await service.Driver.TextAsync(() => two.B, silenced, "STOP");
            if (flip == 2)
                await service.Driver.TextAsync(() => two.A, silenced, "she should hear nothing");
            await hand.ResumeAsync("drill over");
            run.Caused("resume");
        }

        isOver = true;
        await crowd;
        await writing;
        await service.IdleAsync(90);
        await desk.GiveBackAsync();
        var report = await service.CheckAsync();
        run.Note(report);
        run.Note("written by hand meanwhile", service.Driver.ByHand.Count);
        run.Note("latest start after a stop, ms", Math.Round(report.LatestAfterStopAll.TotalMilliseconds));
        run.Note("of that at most the test's own delay, ms", Math.Round(report.OwnDelay.TotalMilliseconds));
        var cancelled = await CancelledAsync(service);
        run.Note("model calls in flight at a stop", cancelled.Count);
        run.Note("their end after it, latest ms", cancelled.Count == 0 ? 0 : Math.Round(cancelled.Max().TotalMilliseconds));

        report.ShouldBeClean();
        report.Acknowledged.ShouldBe(report.Attempted);
        service.Driver.Log.Max(text => text.Tries).ShouldBe(1, "webhooks are taken while all is stopped");
        cancelled.ShouldAllBe(after => after < CancelsWithin);
        service.Driver.Accepted.Last(text => text.To == silenced).Body.ShouldBe("Echo: before she stops");
        var audited = await service.Database.ListAsync<string>(
            "select actor || ' ' || action || ' ' || (metadata ->> 'reason') || ' ' || (metadata -> 'before' ->> 'stopped') || ' to ' || (metadata -> 'after' ->> 'stopped') from audit where resource = 'switch:kill' and at >= $1 order by id",
            service.Driver.BeganAt);
        audited.ShouldBe(Enumerable.Repeat((string[])["command line service.stop_all drill false to true", "command line service.resume drill over true to false"], flips).SelectMany(pair => pair));
        (await service.Database.ListAsync<long>(
            "select count(a.replica_id) from control_flips f left join control_acknowledgements a on a.ver = f.ver where f.name = 'kill' and f.stopped and f.at >= $1 group by f.ver",
            service.Driver.BeganAt)).ShouldBe(Enumerable.Repeat(2L, flips), "both replicas confirmed each stop");
        two.Pass(run);
    }

    [Theory]
    [InlineData("a", "Redis hangs")]
    [InlineData("b", "Redis is dead")]
    [InlineData("c", "notices are cut")]
    [InlineData("d", "a replica is frozen across it")]
    public async Task RF08_Nothing_leaves_after_a_flip_that_no_news_told_of(string form, string what)
    {
        Assert.SkipUnless(FaultRun.IsLong || form is "c" or "d", "Cut notices and a hanging Redis together are harder.");
        using var run = new FaultRun("RF-08" + form, "stop all while " + what);
        var (service, redis) = (await two.BeginAsync(), two.Redis);
        await using var hand = await SwitchHand.AtAsync(service);
        var isOver = false;
        var turn = 0;
        var (first, second) = (service.Replicas[0], service.Replicas[1]);
        var crowd = service.Driver.CrowdAsync(
            () => form == "d" || Interlocked.Increment(ref turn) % 2 == 0 ? first : second, People, each: 1, perSecond: FaultRun.Size(40, 100), goesOn: () => !isOver);
        for (var flip = 0; flip < FaultRun.Size(1, 20); flip++)
        {
            await Task.Delay(run.Random.Next(600, 1200));
            await BreakAsync(form, service, redis);
            run.Caused(what);
            await Task.Delay(100);
            await hand.StopAllAsync("drill");
            run.Caused("stop all");
            await Task.Delay(form == "d" ? 3000 : run.Random.Next(800, 1400));
            await MendAsync(form, service, redis);
            run.Caused("mended");
            if (form == "d")
                await Task.Delay(1000);
            await hand.ResumeAsync("drill over");
            run.Caused("resume");
        }

        isOver = true;
        await crowd;
        await service.IdleAsync(90);
        var report = await service.CheckAsync();
        run.Note(report);
        run.Note("latest start after a stop, ms", Math.Round(report.LatestAfterStopAll.TotalMilliseconds));
        run.Note("of that at most the test's own delay, ms", Math.Round(report.OwnDelay.TotalMilliseconds));
        report.ShouldBeClean();
        report.Acknowledged.ShouldBe(report.Attempted);
        two.Pass(run);
    }

    private static async Task WriteUntilAsync(OperatorHand desk, Func<bool> isOver)
    {
        for (var text = 1; !isOver(); text++)
        {
            await desk.WriteAsync($"by hand {text}");
            await Task.Delay(200);
        }
    }

    // Of the questions the model was thinking about when a stop came: how long after it the asker hung up.
    private static async Task<List<TimeSpan>> CancelledAsync(Service service)
    {
        var stops = await service.Database.ListAsync<DateTime>("select at from control_flips where name = 'kill' and stopped and at >= $1", service.Driver.BeganAt);
        return [.. from stop in stops
            from question in service.Driver.Questions
            where question.ArrivedAt.UtcDateTime < stop && question.EndedAt?.UtcDateTime > stop
            select question.EndedAt!.Value.UtcDateTime - stop];
    }

    private async Task BreakAsync(string form, Service service, TestRedisServer redis)
    {
        switch (form)
        {
            case "a":
                redis.Freeze();
                break;
            case "b":
                await redis.StopAsync();
                break;
            case "c":
                redis.Freeze();
                _isCut = true;
                _cutting = CutAsync(service);
                break;
            case "d":
                service.Replicas[1].Freeze();
                break;
        }
    }

    // A listener that is cut listens again within moments; so it is cut again as long as the fault lasts.
    private async Task CutAsync(Service service)
    {
        while (_isCut)
        {
            await service.Database.ScalarAsync<long>("select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'smsai-listen'");
            await Task.Delay(20);
        }
    }

    private async Task MendAsync(string form, Service service, TestRedisServer redis)
    {
        switch (form)
        {
            case "a":
                redis.Thaw();
                break;
            case "c":
                _isCut = false;
                await _cutting;
                redis.Thaw();
                break;
            case "b":
                await redis.StartAsync();
                break;
            case "d":
                service.Replicas[1].Thaw();
                break;
        }
    }
}
