using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Features.SystemCheck;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Intake;
using SmsAi.Core.Pipeline.Intake.Webhooks;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Pipeline.Receipts;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Core.Platform.Redis;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;
using SmsAi.Web.Features.Health;
using SmsAi.Web.Pipeline.Intake;
using SmsAi.Web.Pipeline.Receipts;

namespace SmsAi.Tests.Pipeline;

/// <summary>The product's doors on a real server and a real database: texts come in, nothing is answered, and the carrier says what a test wrote.</summary>
public sealed class EdgeHost : IAsyncDisposable
{
    public const string PublicUrl = "https://sms.example.com/road";
    public const string Account = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    public const string Token = "first-token";
    public const string SecondToken = "second-token";

    /// <summary>A setting of this host alone: where it listens, for tests that must know before.</summary>
    public const string PortKey = "TestPort";

    private readonly WebApplication _app;

    private EdgeHost(WebApplication app, TestDatabase database, SilentCarrier carrier, Uri address) =>
        (_app, Database, Carrier, Address) = (app, database, carrier, address);

    public TestDatabase Database { get; }

    public SilentCarrier Carrier { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<EdgeHost> StartAsync(TestDatabase database, params (string Key, string? Value)[] settings)
    {
        var carrier = new SilentCarrier();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, settings.FirstOrDefault(one => one.Key == PortKey).Value is { } port ? int.Parse(port, CultureInfo.InvariantCulture) : 0));
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(Settings(database, settings));
        AddProduct(builder.Services, builder.Configuration, carrier);
        var app = builder.Build();
        app.UseRouting();
        app.MapIntake().MapReceipts().MapHealth();
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new EdgeHost(app, database, carrier, new Uri(address));
    }

    /// <summary>A text's form as Twilio posts it.</summary>
    public static Dictionary<string, string> Text(string sid, string body = "What is a neap tide?", string from = SampleTurns.Someone, string to = SampleTurns.OurNumber) => new()
    {
        ["MessageSid"] = sid,
        ["SmsSid"] = sid,
        ["AccountSid"] = Account,
        ["From"] = from,
        ["To"] = to,
        ["Body"] = body,
        ["NumSegments"] = "1",
        ["NumMedia"] = "0",
        ["ApiVersion"] = "2010-04-01",
    };

    /// <summary>A report's form as Twilio posts it.</summary>
    public static Dictionary<string, string> Report(string sid, string status, int? code = null)
    {
        var form = new Dictionary<string, string>
        {
            ["MessageSid"] = sid,
            ["AccountSid"] = Account,
            ["From"] = SampleTurns.OurNumber,
            ["To"] = SampleTurns.Someone,
            ["MessageStatus"] = status,
        };
        if (code is not null)
            form["ErrorCode"] = $"{code}";
        return form;
    }

    public static string Sid(int number) => $"SM{number:x32}";

    /// <summary>Posts a form signed as Twilio signs it, over the public URL.</summary>
    public Task<HttpResponseMessage> PostAsync(string target, IEnumerable<KeyValuePair<string, string>> form, string token = Token)
    {
        var body = RawForm.Encode(form);
        return PostAsync(target, body, TwilioSignature.Sign(PublicUrl + target, RawForm.Parse(body), token));
    }

    public async Task<HttpResponseMessage> PostAsync(string target, byte[] body, string? signature, string type = "application/x-www-form-urlencoded")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, target)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (signature is not null)
            request.Headers.TryAddWithoutValidation("X-Twilio-Signature", signature);
        return await Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await Get<IntakeQueue>().DisposeAsync();
        await _app.DisposeAsync();
    }

    private static void AddProduct(IServiceCollection services, IConfiguration configuration, SilentCarrier carrier)
    {
        services.AddRoutingCore().AddAuthorization();
        services.AddSingleton(TimeProvider.System);
        services.TryAddSingleton<ICarrier>(carrier);
        services.AddDatabase(configuration).AddPrivacy(configuration).AddRedis(configuration).AddLive();
        services.AddDelivery(configuration).AddReplying(configuration).AddLimits(configuration).AddReceipts(configuration);
        services.AddRoad(configuration).AddSweep().AddStopping().AddAuditing();
        services.AddSystemCheck();
        services.AddIntakeDoor().AddHealth();
    }

    private static Dictionary<string, string?> Settings(TestDatabase database, (string Key, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Postgres"] = database.ConnectionString,
            ["ConnectionStrings:Migrations"] = database.MigrationsConnectionString,
            ["Privacy:PhoneHashKey"] = TestKeys.PhoneHash,
            ["Privacy:EncryptionKey"] = TestKeys.Encryption,
            ["Twilio:AccountSid"] = Account,
            ["Twilio:AuthToken"] = Token,
            ["Twilio:SecondaryAuthToken"] = SecondToken,
            ["Twilio:FromNumber"] = SampleTurns.OurNumber,
            ["Twilio:PublicBaseUrl"] = PublicUrl,
            // The keeper of leases ends at its next look, a sixth of a lease later.
            ["Queue:Lease"] = "00:00:01",
            ["OpenAI:ApiKey"] = "none",
            // Nobody outside is asked by tests; nothing listens there.
            ["Twilio:ApiBaseUrl"] = "http://127.0.0.1:9",
            ["OpenAI:BaseUrl"] = "http://127.0.0.1:9/v1",
        };
        foreach (var (key, value) in settings)
            all[key] = value;
        return all;
    }
}
