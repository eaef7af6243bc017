namespace SmsAi.Tests.Journeys;

/// <summary>The program's last seconds.</summary>
[Collection(JourneyCollection.Name)]
public sealed class EndJourney(RunningService running) : IClassFixture<RunningService>
{
    [Fact]
    public async Task A_replica_asked_to_stop_waits_for_no_open_console_that_comes_back_at_once()
    {
        var screens = new List<Visitor>();
        for (var screen = 0; screen < 8; screen++)
            screens.Add(await Visitor.SignedInAsync(running.Service.App, Service.OwnerEmail, Operators.Password));

        running.Service.App.Terminate();

        // Far from the 25 s it may take at most, after which what is left is cut off.
        (await running.Service.App.ExitCodeAsync(TimeSpan.FromSeconds(15))).ShouldBe(0);
        (await running.Service.Database.ScalarAsync<long>("select count(*) from replicas where stopped_at is null")).ShouldBe(0, "it has said that it leaves");
        foreach (var screen in screens)
            await screen.DisposeAsync();
    }
}
