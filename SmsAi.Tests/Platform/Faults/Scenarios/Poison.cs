using SmsAi.Tests.Journeys;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Faults.Points;

namespace SmsAi.Tests.Platform.Faults.Scenarios;

/// <summary>RF-17: a text whose handling brings the process down is set aside; everybody else is answered.</summary>
[Collection(FaultCollection.Name)]
public sealed class Poison
{
    private const string Words = "poison";

    [Fact]
    public async Task RF17_A_text_that_kills_its_replica_is_set_aside_and_all_others_are_answered()
    {
        using var run = new FaultRun("RF-17", "poison message");
        await using var postgres = await TestPostgres.StartNewAsync(durable: true);
        await using var service = await Service.PrepareAsync(postgres);
        service.Settings[AppProcess.FaultPointsWanted] = "yes";
        service.Settings[FaultControl.Plans] = System.Text.Json.JsonSerializer.Serialize<FaultPlan[]>([new(FaultPoints.BeforeModel, FaultAction.Abort) { Match = Words }]);
        await service.AddReplicaAsync();
        var people = FaultRun.Size(40, 200);
        var victim = RoadDriver.NumberOf(0);
        var restarts = 0;
        using var over = new CancellationTokenSource();
        var keeping = KeepRunningAsync();

        var crowd = service.Driver.CrowdAsync(() => service.App, people, each: 1, TimeSpan.FromSeconds(60), first: 1);
        await service.Driver.TextAsync(() => service.App, victim, Words, TimeSpan.FromSeconds(60));
        await crowd;
        await Until.TrueAsync(async () => await DeadAsync(service) > 0, "the text is set aside", 60);
        await service.Driver.TextAsync(() => service.App, victim, "and this one", TimeSpan.FromSeconds(60));
        await service.IdleAsync(60);
        await over.CancelAsync();
        await keeping;

        var report = await service.CheckAsync();
        run.Note(report);
        run.Note("restarts", restarts);
        report.DeadLetters.ShouldBe(["crashes (3 crashes)"]);
        report.Lost.ShouldBe([Words]);
        (report with { Lost = [], DeadLetters = [] }).ShouldBeClean();
        restarts.ShouldBeLessThanOrEqualTo(3);
        run.Passed();

        async Task KeepRunningAsync()
        {
            while (!over.IsCancellationRequested)
            {
                if (service.App.HasEnded)
                {
                    restarts++;
                    run.Caused("the replica died and is started again");
                    await service.RelaunchAsync(service.App);
                }

                await Task.Delay(50, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static Task<long> DeadAsync(Service service) => service.Database.ScalarAsync<long>("select count(*) from dead_letters");
}
