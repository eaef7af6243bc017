using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SmsAi.Core.Features.ApiKeys;
using SmsAi.Core.Features.Auditing;
using SmsAi.Tests.Journeys;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;
using SmsAi.Tests.Platform.Shell;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Tests.Platform.Starting;

/// <summary>The whole program, started by its own entry point in this process, on a real port and a database of its own: what it maps can be enumerated.</summary>
public class ProgramHost : IAsyncLifetime
{
    private static readonly AsyncLocal<TaskCompletionSource<IHost>?> Wanted = new();

    private readonly string _folder = Directory.CreateTempSubdirectory("smsai-program-").FullName;
    private IHost _host = null!;
    private Task<int> _running = null!;

    public TestDatabase Database { get; private set; } = null!;

    public IServiceProvider Services => _host.Services;

    public Uri Address { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync();
        string[] arguments =
        [
            "--applicationName=SmsAi.Web", "--environment=Production", $"--contentRoot={AppContext.BaseDirectory}", "--urls=http://127.0.0.1:0",
            $"--ConnectionStrings:Postgres={Database.ConnectionString}", $"--Privacy:PhoneHashKey={TestKeys.PhoneHash}", $"--Privacy:EncryptionKey={TestKeys.Encryption}",
            $"--Data:Folder={_folder}", $"--Logs:Folder={_folder}", "--Logging:LogLevel:Default=None", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=None",
            "--Admin:Email=first@example.org", $"--Admin:Password={Operators.Password}",
            // So that a test can come from any address.
            "--KnownProxies:0=127.0.0.1", .. await MoreAsync(),
        ];
        var built = new TaskCompletionSource<IHost>(TaskCreationOptions.RunContinuationsAsynchronously);
        using (DiagnosticListener.AllListeners.Subscribe(new Listeners()))
        {
            Wanted.Value = built;
            _running = Task.Factory.StartNew(
                () => (int)typeof(App).Assembly.EntryPoint!.Invoke(null, [arguments])!, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            Wanted.Value = null;
            _host = await await Task.WhenAny(built.Task, EndedAsync());
        }

        var started = new TaskCompletionSource();
        await using var registration = Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() => started.TrySetResult());
        await Task.WhenAny(started.Task, EndedAsync()).Unwrap();
        Address = new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        using var client = Client();
        await Until.TrueAsync(async () => (await client.GetAsync(new Uri("/ready", UriKind.Relative))).StatusCode == HttpStatusCode.OK, "the program is ready", 60);
    }

    /// <summary>Settings of a host that differs, as arguments.</summary>
    protected virtual ValueTask<string[]> MoreAsync() => ValueTask.FromResult<string[]>([]);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_host is not null)
            Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        if (_running is not null)
            await _running.WaitAsync(TimeSpan.FromSeconds(40));
        await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Somebody at an address of her own, without cookies, who follows no redirect.</summary>
    public HttpClient Client(string? from = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = Address };
        client.DefaultRequestHeaders.Add("X-Forwarded-For", from ?? $"10.{Some()}.{Some()}.{Some()}");
        return client;
    }

    /// <summary>A key made at the server's own command line.</summary>
    public Task<MadeApiKey> KeyAsync(string role, params string[] scopes) => Services.GetRequiredService<ApiKeyActs>().CreateAsync(
        new ApiKeyOrder("test " + role, role, TimeSpan.FromDays(30), scopes.Length == 0 ? null : scopes), Actor.CommandLine, CancellationToken.None);

    public async Task<HttpClient> WithKeyAsync(string role, params string[] scopes)
    {
        var client = Client();
        client.DefaultRequestHeaders.Add("X-Api-Key", (await KeyAsync(role, scopes)).Text);
        return client;
    }

    /// <summary>A browser in which somebody of this role has signed in.</summary>
    public async Task<HttpClient> SignedInAsync(string role, CookieContainer? cookies = null)
    {
        var email = $"{role.ToLowerInvariant()}.{Guid.NewGuid():N}@example.org";
        await Operators.AddAsync(Database, email, role);
        var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies ?? new CookieContainer(), UseProxy = false }) { BaseAddress = Address };
        browser.DefaultRequestHeaders.Add("Accept", "text/html");
        (await ConsoleHost.SignInAsync(browser, email, Operators.Password)).StatusCode.ShouldBe(HttpStatusCode.Found);
        // As if she had set up the second factor her role may ask for.
        await Database.ExecuteAsync("update operator_sessions set must_enrol = false");
        return browser;
    }

    private static int Some() => RandomNumberGenerator.GetInt32(1, 255);

    private async Task<IHost> EndedAsync() => throw new InvalidOperationException($"The program ended with {await _running}.");

    private sealed class Listeners : IObserver<DiagnosticListener>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting")
                value.Subscribe(new Builds());
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }

    private sealed class Builds : IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: "HostBuilt", Value: IHost host })
                Wanted.Value?.TrySetResult(host);
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
