using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Http;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Features.Access;

/// <summary>While nobody may sign in: makes the owner the configuration names, or prints a one-time link and a new one whenever it ends.</summary>
internal sealed partial class FirstOwnerAtStart(
    Schema schema, SetUpLinks links, ListenAddress address, IServiceScopeFactory scopes, IOptions<AdminOptions> admin, SetUpAddress publicAddress,
    IHostApplicationLifetime lifetime, TimeProvider time, ILogger<FirstOwnerAtStart> log) : BackgroundService
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, log, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        try
        {
            await schema.WaitUntilReadyAsync(stoppingToken);
            await StartedAsync(stoppingToken);
            while (await OfferAsync(stoppingToken) is { } again) await Task.Delay(again, time, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends; nothing is left to offer.
        }
    }

    /// <summary>How long to wait before offering again; null when there is an operator.</summary>
    private async Task<TimeSpan?> OfferAsync(CancellationToken cancel)
    {
        try
        {
            if (!await links.AreNeededAsync(cancel)) return null;
            if (!admin.Value.IsSet)
            {
                await PrintLinkAsync(cancel);
                return SetUpLinks.Life;
            }

            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<FirstOwner>().MakeByConfigurationAsync(admin.Value.Email!, admin.Value.Password!, cancel);
            LogMade();
            return null;
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            LogAway(fault.GetType().Name);
            return AskAgain;
        }
    }

    /// <summary>Straight to the terminal: a logger would keep the token in files.</summary>
    private async Task PrintLinkAsync(CancellationToken cancel)
    {
        var token = await links.CreateAsync(cancel);
        var host = publicAddress.Url ?? address.Current ?? new Uri("http://localhost:3000");
        var link = new Uri(host, "set-up#" + token).AbsoluteUri.Replace("//127.0.0.1", "//localhost", StringComparison.Ordinal);
        await Console.Out.WriteLineAsync($"{Environment.NewLine}Open {link} to make the owner. The link works once, for {SetUpLinks.Life.TotalMinutes:0} minutes.{Environment.NewLine}");
    }

    private async Task StartedAsync(CancellationToken cancel)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(cancel);
    }

    [LoggerMessage(7100, LogLevel.Information, "The first owner was made from Admin:Email; remove Admin:Password from the configuration")]
    private partial void LogMade();

    [LoggerMessage(7101, LogLevel.Warning, "Whether there is an operator could not be asked ({Fault}); asking again")]
    private partial void LogAway(string fault);
}

/// <summary>Where browsers reach the service, when the configuration says so.</summary>
internal sealed record SetUpAddress(Uri? Url);
