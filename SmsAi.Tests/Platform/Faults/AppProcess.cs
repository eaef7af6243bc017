using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Faults.Points;

namespace SmsAi.Tests.Platform.Faults;

/// <summary>The web program itself as a process of its own: it can be killed, frozen and stopped in order, and never outlives the test run.</summary>
public sealed class AppProcess : IAsyncDisposable
{
    /// <summary>A setting under which the program gets fault points; its value doesn't matter.</summary>
    public const string FaultPointsWanted = "SMSAI_TEST_FAULT_POINTS";

    /// <summary>A published copy to run instead of the one this build made.</summary>
    private const string OtherCopy = "SMSAI_TEST_APP";

    // The shell holds our end of its input: when this process ends in whatever way, the program is killed.
    // It also outlives the program by the moment it takes to tell its exit code.
    private const string Keep = """
        exec 3<&0; "$@" </dev/null 3<&- & app=$!; echo "$app"
        (cat <&3; kill -KILL $app) >/dev/null 2>&1 & watch=$!
        wait $app; code=$?; kill $watch 2>/dev/null; exit $code
        """;

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);

    private readonly Process _keeper;
    private readonly int _id;
    private readonly int? _faultPort;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Task _reading;

    private AppProcess(Process keeper, int id, Uri address, int? faultPort)
    {
        _keeper = keeper;
        _id = id;
        _faultPort = faultPort;
        Address = address;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, MaxConnectionsPerServer = 256 })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromSeconds(20),
        };
        _reading = ReadAsync();
    }

    public Uri Address { get; }

    /// <summary>A client without cookies that follows no redirect.</summary>
    public HttpClient Http { get; }

    /// <summary>Everything it wrote so far, standard output and errors in the order they came.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Memory it holds now.</summary>
    public long ResidentBytes
    {
        get
        {
            using var process = Process.GetProcessById(_id);
            return process.WorkingSet64;
        }
    }

    public bool HasEnded => _keeper.HasExited;

    /// <summary>The files of the program that the tests run.</summary>
    public static string Folder => Environment.GetEnvironmentVariable(OtherCopy) is { Length: > 0 } other ? Path.GetFullPath(other) : AppContext.BaseDirectory;

    /// <summary>Starts it, and comes back when it is ready for webhooks.</summary>
    public static async Task<AppProcess> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var app = await LaunchAsync(settings);
        try
        {
            await app.ReadyAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it and comes back at once.</summary>
    public static async Task<AppProcess> LaunchAsync(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // A shell drops variables whose names have dots.
        var dotted = settings.Where(setting => setting.Key.Contains('.', StringComparison.Ordinal)).Select(setting => $"{NameOf(setting.Key)}={setting.Value}");
        foreach (var argument in (string[])["-c", Keep, "keeper", "env", .. dotted, "dotnet", Path.Combine(Folder, "SmsAi.Web.dll"), .. arguments])
            start.ArgumentList.Add(argument);
        start.WorkingDirectory = Path.GetTempPath();
        CleanEnvironment(start.Environment);
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        start.Environment["ASPNETCORE_CONTENTROOT"] = Folder;
        foreach (var (key, value) in settings)
            start.Environment[NameOf(key)] = value;
        int? faultPort = settings.ContainsKey(FaultPointsWanted) ? FreePort.Next() : null;
        if (faultPort is not null)
        {
            start.Environment[FaultControl.Port] = faultPort.Value.ToString(CultureInfo.InvariantCulture);
            start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
        }

        var keeper = Process.Start(start)!;
        var id = int.Parse((await keeper.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        return new AppProcess(keeper, id, address, faultPort);
    }

    /// <summary>Runs one of its verbs to the end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        await using var app = await LaunchAsync(settings, arguments);
        var code = await app.ExitCodeAsync(StartPatience);
        return (code, app.Output);
    }

    /// <summary>Waits until <c>/ready</c> says so; fails with what the program said when it ends before that.</summary>
    public Task ReadyAsync() => Until.TrueAsync(
        async () =>
        {
            if (HasEnded)
                throw new InvalidOperationException($"The program ended with {await ExitCodeAsync(TimeSpan.FromSeconds(5))}:\n{Output}");
            return await StatusAsync("/ready") == HttpStatusCode.OK;
        },
        () => $"the program is ready; it said:\n{Output}",
        StartPatience.TotalSeconds);

    /// <summary>The status of a page or endpoint; null when nothing answers.</summary>
    public async Task<HttpStatusCode?> StatusAsync(string path)
    {
        try
        {
            using var response = await Http.GetAsync(new Uri(path, UriKind.Relative));
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Arms these faults and no others. It must have been started with <see cref="FaultPointsWanted"/>.</summary>
    public Task ArmAsync(params FaultPlan[] plans) => FaultControl.TellAsync(_faultPort!.Value, plans);

    /// <summary>How often it reached each fault point.</summary>
    public Task<IReadOnlyDictionary<string, int>> ReachedAsync() => FaultControl.TellAsync(_faultPort!.Value, null);

    /// <summary>Ends it at once, wherever it is.</summary>
    public async Task KillAsync()
    {
        Signal("-KILL");
        await ExitCodeAsync(TimeSpan.FromSeconds(20));
    }

    /// <summary>Asks it to stop in order.</summary>
    public void Terminate() => Signal("-TERM");

    /// <summary>Connections stay open and nothing answers.</summary>
    public void Freeze() => Signal("-STOP");

    public void Thaw() => Signal("-CONT");

    public async Task<int> ExitCodeAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            await _keeper.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The program did not end within {patience.TotalSeconds} s:\n{Output}");
        }

        await _reading;
        return _keeper.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync();
        await _reading;
        Http.Dispose();
        _keeper.Dispose();
    }

    private static string NameOf(string key) => key.Replace(":", "__", StringComparison.Ordinal);

    // What this machine has configured is not what the test means.
    private static void CleanEnvironment(IDictionary<string, string?> environment)
    {
        string[] ours =
        [
            "ASPNETCORE_", "DOTNET_ENVIRONMENT", "ConnectionStrings_", "DATABASE_", "DB_", "REDIS_", "TWILIO_", "OPENAI_", "SLACK_", "ENCRYPTION_KEY",
            "PHONE_HASH", "Twilio_", "OpenAI_", "Privacy_", "Admin_", "Data_", "Queue_", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy",
        ];
        foreach (var key in environment.Keys.Where(key => ours.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal))).ToList())
            environment.Remove(key);
        environment["DOTNET_NOLOGO"] = "1";
        // A program that lives for seconds gains nothing from being compiled for speed: 100 ms, as the runtime has it.
        environment["DOTNET_TC_CallCountingDelayMs"] = "0x64";
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, _id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private Task ReadAsync() => Task.WhenAll(ReadAsync(_keeper.StandardOutput), ReadAsync(_keeper.StandardError));

    private async Task ReadAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
            _lines.Enqueue(line);
    }
}
