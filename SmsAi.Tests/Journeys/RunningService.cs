namespace SmsAi.Tests.Journeys;

/// <summary>One replica with loopback carrier and model, for the tests of a class that only look at it from outside.</summary>
public sealed class RunningService : IAsyncLifetime
{
    public Service Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await Service.StartAsync();

    public ValueTask DisposeAsync() => Service?.DisposeAsync() ?? ValueTask.CompletedTask;
}
