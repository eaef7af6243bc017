using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Redis;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Features.SystemCheck;

/// <summary>Whether the four parties we depend on are up, as last seen; "off" is not used, "unknown" not asked yet.</summary>
public sealed record HealthSnapshot(DateTimeOffset Timestamp, string Database, string Redis, string OpenAi, string Twilio)
{
    /// <summary>"unhealthy" without the database, "degraded" when something else is down.</summary>
    public string Status => Database == "down" ? "unhealthy" : new[] { Redis, OpenAi, Twilio }.Contains("down") ? "degraded" : "healthy";
}

/// <summary>Looks after the outside parties in the background, so that nobody who asks for our health makes us ask them.</summary>
public sealed partial class ServiceHealth(
    DatabasePulse database, RedisConnection redis, TwilioCheck twilio, OpenAiCheck model, ServiceStates states, IHostApplicationLifetime lifetime,
    TimeProvider clock, ILogger<ServiceHealth> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(10);

    private volatile string _twilioState = "unknown";
    private volatile string _modelState = "unknown";

    public HealthSnapshot Current => new(
        clock.GetUtcNow(), Word(database.WasAsked, database.IsUp), redis.IsConfigured ? Word(redis.WasAsked, redis.IsUp) : "off", _modelState, _twilioState);

    /// <summary>Asks both parties now.</summary>
    public async Task LookAsync(CancellationToken cancel)
    {
        var (account, answers) = (AskAsync(ServiceStates.Twilio, twilio.AccountAsync, cancel), AskAsync(ServiceStates.OpenAi, ModelAsync, cancel));
        (_twilioState, _modelState) = (await account, await answers);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, logger, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        try
        {
            await lifetime.WaitUntilStartedAsync(stoppingToken);
            while (true)
            {
                await LookSafelyAsync(stoppingToken);
                // Who is down may be back soon, and somebody waits for that news.
                var allUp = _twilioState == "up" && _modelState == "up";
                await Task.Delay(allUp ? Every : SoonAgain, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    private Task<CheckResult> ModelAsync(CancellationToken cancel) => model.RunAsync(mayCost: false, cancel);

    private async Task<string> AskAsync(string name, Func<CancellationToken, Task<CheckResult>> askAsync, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await askAsync(cancel);
        states.Note(name, Word(result), Stopwatch.GetElapsedTime(started), result.Status == CheckStatus.Fail ? result.Answer : null);
        return Word(result);
    }

    private async Task LookSafelyAsync(CancellationToken cancel)
    {
        try
        {
            await LookAsync(cancel);
        }
        catch (Exception fault) when (!cancel.IsCancellationRequested)
        {
            (_twilioState, _modelState) = ("unknown", "unknown");
            LogFailed(fault.GetType().Name);
        }
    }

    [LoggerMessage(2101, LogLevel.Error, "The outside parties could not be looked after ({Fault})")]
    private partial void LogFailed(string fault);

    private static string Word(bool wasAsked, bool isUp) => isUp ? "up" : wasAsked ? "down" : "unknown";

    private static string Word(CheckResult result) => result switch
    {
        { Status: CheckStatus.Fail } => "down",
        { IsEarly: true } => "unknown",
        _ => "up",
    };
}
