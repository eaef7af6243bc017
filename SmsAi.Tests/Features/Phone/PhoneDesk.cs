using Bunit;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.Phone;
using SmsAi.Core.Features.Sandbox;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Intake.Webhooks;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Http;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Pipeline;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Http;
using SmsAi.Web.Features.Phone;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Features.Phone;

/// <summary>The Phone feature on a real road: webhooks go over HTTP to a small door, which takes in what is truly signed.</summary>
public sealed class PhoneDesk : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly ServiceProvider _services;
    private readonly string _folder;

    private PhoneDesk(TestDatabase database, RoadHost road, string folder)
    {
        (_database, Road, _folder) = (database, road, folder);
        App = new RawServer(async (socket, request) => await RawServer.AnswerAsync(socket, await TakeAsync(request), ""));
        _services = Build();
    }

    public RoadHost Road { get; }

    /// <summary>The app's own door, with every request it got.</summary>
    public RawServer App { get; }

    /// <summary>What the door answers instead of looking at the signature.</summary>
    public int? AlwaysAnswers { get; set; }

    public static async Task<PhoneDesk> OpenAsync()
    {
        var database = await TestDatabase.CreateAsync();
        return new PhoneDesk(database, await RoadHost.StartAsync(database), Directory.CreateTempSubdirectory("smsai-phone-").FullName);
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>What the page needs, as an operator of the role sees it.</summary>
    public void Furnish(BunitContext page, string role)
    {
        page.JSInterop.Mode = JSRuntimeMode.Loose;
        page.Services.AddSingleton(TimeProvider.System).AddScoped<BrowserClock>().AddSingleton(Get<LiveFeed>());
        page.Services.AddTransient(_ => Get<PhoneModel>());
        page.AddAuthorization().SetAuthorized("Mara").SetRoles(role)
            .SetPolicies([.. Rights.Roles.Where(right => right.Value.Contains(role)).Select(right => right.Key)]);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await App.DisposeAsync();
        await Road.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private ServiceProvider Build()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Data:Folder"] = _folder,
            ["Twilio:FromNumber"] = RoadHost.OurNumber,
        }).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System).AddSingleton(Road.Get<Databases>()).AddSingleton(Road.Get<PhoneHasher>()).AddSingleton(Road.Get<MasterKeys>());
        services.AddSingleton(Road.Get<PersonKeys>()).AddSingleton(Road.Get<LiveFeed>());
        services.AddSingleton(new ListenAddress(new OneAddress(App.Address)));
        services.AddDelivery(configuration).AddSandbox(configuration).AddPhone(configuration);
        services.AddTransient<PhoneModel>();
        return services.BuildServiceProvider();
    }

    private async Task<int> TakeAsync(string request)
    {
        if (AlwaysAnswers is { } always)
            return always;
        var (head, body) = (request[..request.IndexOf("\r\n\r\n", StringComparison.Ordinal)], request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        var signature = head.Split("\r\n").First(line => line.StartsWith("X-Twilio-Signature:", StringComparison.OrdinalIgnoreCase)).Split(": ")[1];
        var form = RawForm.Parse(System.Text.Encoding.ASCII.GetBytes(body));
        var verdict = new TwilioSignature(Get<SandboxAccount>().AuthToken).Verify(new Uri(App.Address, "/sms/receive").AbsoluteUri, form, signature);
        if (verdict.Refusal != SignatureRefusal.None)
            return 403;
        await Road.TextAsync(form.Text("From"u8)!, form.Text("Body"u8)!, form.Text("MessageSid"u8));
        return 200;
    }

    private sealed class OneAddress : IServer, IServerAddressesFeature
    {
        public OneAddress(Uri address)
        {
            Addresses.Add(address.AbsoluteUri);
            Features.Set<IServerAddressesFeature>(this);
        }

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public ICollection<string> Addresses { get; } = [];

        public bool PreferHostingUrls { get; set; }

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
