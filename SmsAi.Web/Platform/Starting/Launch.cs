using Microsoft.AspNetCore.Connections;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Embedded;
using SmsAi.Core.Platform.Logging;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Core.Platform.Starting;
using SmsAi.Web.Platform.Probing;

namespace SmsAi.Web.Platform.Starting;

/// <summary>
/// What happens around the host: settings under all their names, embedded servers, the program's verbs, and one clear sentence
/// instead of a stack trace when the program can't start.
/// </summary>
internal sealed class Launch : IAsyncDisposable
{
    private const int Failed = 1;
    private const int WrongUse = 2;
    private const string DefaultAddress = "http://localhost:3000";

    private readonly string[] _args;
    private readonly TextWriter _output = Console.Out;
    private EmbeddedServers? _servers;

    private Launch(string[] args)
    {
        _args = args;
        if (VerbName is not null)
        {
            // A verb's output may go into a file or a variable: logs and whatever else is said go beside it.
            Console.SetOut(Console.Error);
        }

        bool published = Directory.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot"));
        Builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            // A published program finds its files wherever it is started from; only its data is where it was started.
            ContentRootPath = published ? AppContext.BaseDirectory : null,
        });
        if (!published)
        {
            // A build's browser files lie with their sources and packages; its manifest knows where.
            Builder.WebHost.UseStaticWebAssets();
        }
    }

    public WebApplicationBuilder Builder { get; }

    /// <summary>Set when there is nothing left to do: the verb has been done, or the program can't start.</summary>
    public int? ExitCode { get; private set; }

    private string? VerbName => _args.Length > 0 && !_args[0].StartsWith('-') ? _args[0] : null;

    public static async Task<Launch> BeginAsync(string[] args)
    {
        var launch = new Launch(args);
        ConfigurationManager configuration = launch.Builder.Configuration;
        configuration.AddAliases();
        launch.ChooseAddress();
        if (launch.VerbName == "probe")
        {
            launch.ExitCode = await ProbeVerb.RunAsync(configuration, launch._output, CancellationToken.None);
            return launch;
        }

        launch.ExitCode = await launch.StartServersAsync();
        if (launch is { ExitCode: null, VerbName: "migrate" })
        {
            launch.ExitCode = await MigrateVerb.RunAsync(
                args, configuration, launch.Builder.Environment.IsProduction(), launch._output, logs: null, CancellationToken.None);
        }

        return launch;
    }

    /// <summary>The exit code when settings are wrong or a verb was asked for; null when the host is to run.</summary>
    public async Task<int?> EndBeforeHostAsync(WebApplication app)
    {
        if (!SettingsCheck.Passes(app.Services, Console.Error, typeof(Launch).Assembly))
        {
            return SettingsCheck.ExitCode;
        }

        if (VerbName is not { } name)
        {
            return null;
        }

        List<Verb> verbs = [.. app.Services.GetServices<Verb>()];
        if (verbs.Find(verb => verb.Name == name) is { } chosen)
        {
            return await chosen.RunAsync(app.Services, _args[1..], _output, CancellationToken.None);
        }

        await Console.Error.WriteLineAsync($"There is no verb {name}. There are:");
        foreach (string usage in verbs.Select(verb => verb.Usage).Concat(["migrate", "probe"]).Order(StringComparer.Ordinal))
        {
            await Console.Error.WriteLineAsync("  " + usage);
        }

        return WrongUse;
    }

    public static async Task<int> RunAsync(WebApplication app)
    {
        var redaction = Redaction.Of(app.Configuration); // The app takes it along when it ends.
        try
        {
            await StartAndWaitAsync(app);
            return Environment.ExitCode;
        }
        catch (MigrationException fault)
        {
            return await FailAsync(fault.Message);
        }
        catch (IOException fault) when (fault.InnerException is AddressInUseException)
        {
            return await FailAsync($"{fault.Message} Stop what listens there, or choose another address by ASPNETCORE_URLS.");
        }
        catch (Exception fault)
        {
            // Left to the runtime it would be printed as it is, with whatever it quotes; the log has its stack.
            return await FailAsync(Redaction.OneLine(redaction.Clean($"SmsAi ended by {fault.GetType().Name}: {fault.Message}")));
        }
    }

    public ValueTask DisposeAsync() => _servers?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>
    /// As the host runs itself, but for a start that fails: what had begun by then the host only forgets, and a scheduler nobody stops keeps the
    /// process alive for ever.
    /// </summary>
    private static async Task StartAndWaitAsync(WebApplication app)
    {
        await using var _ = app;
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await app.WaitForShutdownAsync();
    }

    private void ChooseAddress()
    {
        ConfigurationManager configuration = Builder.Configuration;
        string[] keys = ["urls", "http_ports", "https_ports"];
        if (Array.TrueForAll(keys, key => string.IsNullOrWhiteSpace(configuration[key])) && !configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            Builder.WebHost.UseUrls(DefaultAddress);
        }
    }

    private async Task<int?> StartServersAsync()
    {
        ConfigurationManager configuration = Builder.Configuration;
        string workingFolder = Directory.GetCurrentDirectory();
        try
        {
            _servers = VerbName is null
                ? await EmbeddedServers.StartIfNeededAsync(configuration, workingFolder, Console.Out, CancellationToken.None)
                : await EmbeddedServers.JoinOrStartAsync(configuration, workingFolder, Console.Error, CancellationToken.None);
        }
        catch (EmbeddedServerException fault)
        {
            return await FailAsync(fault.Message);
        }
        catch (OperationCanceledException)
        {
            return Failed;
        }

        configuration.AddInMemoryCollection(_servers.Settings);
        if (_servers.Folder is { } folder)
        {
            try
            {
                KeyFile.AddTo(configuration, folder);
            }
            catch (InvalidDataException fault)
            {
                return await FailAsync(fault.Message);
            }
        }

        return null;
    }

    private static async Task<int> FailAsync(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return Failed;
    }
}
