using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Core.Platform.Redis;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;
using SmsAi.Web.Features.Access;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Features.Stopping;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Tests.Platform.Shell;

/// <summary>The console's door, as the program builds it, on a real port and a database of its own; without the road behind it.</summary>
internal sealed partial class ConsoleHost : IAsyncDisposable
{
    public const string Password = "correct horse battery staple";

    private readonly WebApplication _app;
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<HttpClient, CookieContainer> _cookies = [];

    private readonly bool _isBeside;

    private ConsoleHost(TestDatabase database, WebApplication app, ManualTime time, bool isBeside) => (Database, _app, Time, _isBeside) = (database, app, time, isBeside);

    public TestDatabase Database { get; }

    public ManualTime Time { get; }

    public IServiceProvider Services => _app.Services;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<ConsoleHost> StartAsync(params (string Key, string Value)[] settings) => await StartAsync(await TestDatabase.CreateAsync(), settings);

    /// <summary>On a database of its own cluster, which the test may stop.</summary>
    public static async Task<ConsoleHost> StartOnAsync(TestPostgres postgres) => await StartAsync(await TestDatabase.CreateAsync(postgres), []);

    /// <summary>Another replica on the same database, by the same clock.</summary>
    public async Task<ConsoleHost> BesideAsync() => await StartAsync(Database, [], Time);

    private static async Task<ConsoleHost> StartAsync(TestDatabase database, (string Key, string Value)[] settings, ManualTime? clock = null)
    {
        var time = clock ?? new ManualTime();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(App).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var services = builder.Services;
        services.AddSingleton<TimeProvider>(time).AddSingleton(database.Databases).AddSingleton(TestKeys.Masters);
        services.AddDbContextFactory<SmsAiDb>(options => options.UseNpgsql(database.Databases.Pages));
        services.AddRedis(builder.Configuration).AddLive();
        services.AddAuditing().AddAuditPage().AddAccess(builder.Configuration).AddAccessPages();
        services.AddSingleton<StopSwitches>().AddSingleton<StopChecks>().AddSingleton<PauseSchedules>().AddSingleton(new PhoneHasher(new byte[32])).AddSingleton<Holds>().AddSingleton<BlockedNumbers>().AddSingleton<RecentFlips>().AddStoppingPages();
        services.AddShell(builder.Configuration);
        foreach (var background in services.Where(service => service.ServiceType == typeof(IHostedService) && IsOurs(service)).ToList()) services.Remove(background);

        var app = builder.Build();
        app.UseShell(forCarrier: static _ => { });
        app.MapAccess();
        app.MapAuditing();
        app.MapStopping();
        app.MapShell();
        await app.StartAsync();
        return new ConsoleHost(database, app, time, isBeside: clock is not null);
    }

    /// <summary>A browser with cookies of its own that does not follow redirects.</summary>
    public HttpClient Browser() => Browser(new CookieContainer());

    /// <summary>A browser that somebody copied the cookies of another into.</summary>
    public HttpClient Browser(HttpClient copied)
    {
        var cookies = new CookieContainer();
        cookies.Add(_cookies.TryGetValue(copied, out var of) ? of.GetAllCookies() : throw new ArgumentException("Not a browser of this console.", nameof(copied)));
        return Browser(cookies);
    }

    /// <summary>What cookies a browser of this console has, by name.</summary>
    public SortedDictionary<string, string> CookiesOf(HttpClient browser) => _cookies.TryGetValue(browser, out var of)
        ? new(of.GetAllCookies().ToDictionary(cookie => cookie.Name, cookie => cookie.Value), StringComparer.Ordinal)
        : throw new ArgumentException("Not a browser of this console.", nameof(browser));

    /// <summary>A browser that has a cookie somebody else put there.</summary>
    public HttpClient Browser(string name, string value)
    {
        var cookies = new CookieContainer();
        cookies.Add(Address, new Cookie(name, value));
        return Browser(cookies);
    }

    public async Task<long> MakeOperatorAsync(string email, string role)
    {
        await using var scope = Services.CreateAsyncScope();
        var operators = scope.ServiceProvider.GetRequiredService<Microsoft.AspNetCore.Identity.UserManager<Core.Platform.Database.Identity.Operator>>();
        var account = new Core.Platform.Database.Identity.Operator { UserName = email, Email = email, DisplayName = email.Split('@')[0] };
        (await operators.CreateAsync(account, Password)).Succeeded.ShouldBeTrue();
        (await operators.AddToRoleAsync(account, role)).Succeeded.ShouldBeTrue();
        return account.Id;
    }

    /// <summary>As a browser does it: fetches the form, then posts it with its token.</summary>
    public static async Task<HttpResponseMessage> SignInAsync(HttpClient browser, string email, string password, string path = "/sign-in")
    {
        var form = await FieldsAsync(browser, path);
        form["Form.Email"] = email;
        form["Form.Password"] = password;
        return await browser.PostAsync(path, new FormUrlEncodedContent(form));
    }

    public async Task<HttpClient> SignedInAsync(string role)
    {
        var email = $"{role.ToLowerInvariant()}@example.org";
        await MakeOperatorAsync(email, role);
        var browser = Browser();
        (await SignInAsync(browser, email, Password)).StatusCode.ShouldBe(HttpStatusCode.Found);
        return browser;
    }

    /// <summary>The hidden fields of the page's first form.</summary>
    public static async Task<Dictionary<string, string>> FieldsAsync(HttpClient browser, string path)
    {
        return FieldsOf(await browser.GetStringAsync(path));
    }

    /// <summary>The same, of a page that came as an answer.</summary>
    public static Dictionary<string, string> FieldsOf(string page) => HiddenField().Matches(page).GroupBy(field => field.Groups[1].Value)
        .ToDictionary(fields => fields.Key, fields => WebUtility.HtmlDecode(fields.First().Groups[2].Value));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        if (!_isBeside) await Database.DisposeAsync();
    }

    private HttpClient Browser(CookieContainer cookies)
    {
        var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = Address };
        browser.DefaultRequestHeaders.Add("Accept", "text/html");
        _cookies.Add(browser, cookies);
        return browser;
    }

    /// <summary>Background work of ours waits for a schema check and a road that are not here.</summary>
    private static bool IsOurs(ServiceDescriptor service) =>
        (service.ImplementationType ?? service.ImplementationFactory?.Method.DeclaringType)?.Assembly.GetName().Name?.StartsWith("SmsAi", StringComparison.Ordinal) == true;

    [GeneratedRegex("""<input type="hidden" name="([^"]+)"[^>]*? value="([^"]*)""")]
    private static partial Regex HiddenField();
}
