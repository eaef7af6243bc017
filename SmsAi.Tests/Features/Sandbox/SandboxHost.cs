using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.Sandbox;
using SmsAi.Core.Features.SystemCheck;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Intake.Webhooks;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Redis;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;
using SmsAi.Web.Features.Sandbox;

namespace SmsAi.Tests.Features.Sandbox;

/// <summary>The sandbox in a small program of its own, whose two webhooks only note what came and whether it was truly signed.</summary>
public sealed class SandboxHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TestDatabase _database;
    private readonly string _folder;

    private SandboxHost(WebApplication app, TestDatabase database, string folder) => (_app, _database, _folder) = (app, database, folder);

    public ICarrier Carrier => _app.Services.GetRequiredService<ICarrier>();

    public IChatModel Model => _app.Services.GetRequiredService<IChatModel>();

    public SandboxState State => _app.Services.GetRequiredService<SandboxState>();

    public SandboxHandset Handset => _app.Services.GetRequiredService<SandboxHandset>();

    public SandboxMessages Messages => _app.Services.GetRequiredService<SandboxMessages>();

    public SandboxAccount Account => _app.Services.GetRequiredService<SandboxAccount>();

    public Uri Address => new(_app.Urls.First());

    /// <summary>What reached the webhooks, in order: "status 7 SM… sent", "text SM… Hello"; a wrong signature shows.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>The statuses reported of a text, in order of their arrival.</summary>
    public IEnumerable<string> ReportsOf(long id) =>
        Calls.Where(call => call.StartsWith($"status {id} ", StringComparison.Ordinal)).Select(call => call[(call.LastIndexOf(' ') + 1)..]);

    public static async Task<SandboxHost> StartAsync(params (string Key, string Value)[] settings) =>
        await StartAsync(await TestDatabase.CreateAsync(), settings);

    /// <summary>On a database that another host used before; it is dropped with this one.</summary>
    public static async Task<SandboxHost> StartAsync(TestDatabase database, params (string Key, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("smsai-sandbox-").FullName;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        builder.Configuration["Data:Folder"] = folder;
        builder.Services.AddRouting().AddLogging();
        builder.Services.AddSingleton(database.Databases).AddSingleton(TestKeys.Masters).AddSingleton(TestKeys.Hasher);
        builder.Services.AddSingleton(new RedisConnection(null)).AddLive();
        builder.Services.AddDelivery(builder.Configuration).AddReplying(builder.Configuration).AddSandbox(builder.Configuration);
        var app = builder.Build();
        var host = new SandboxHost(app, database, folder);
        app.MapSandbox();
        app.MapPost("/sms/status", host.Note);
        app.MapPost("/sms/receive", host.Note);
        await app.StartAsync();
        return host;
    }

    /// <summary>What the system check says about the model.</summary>
    public Task<CheckResult> CheckModelAsync() => ActivatorUtilities.CreateInstance<OpenAiCheck>(_app.Services).RunAsync(mayCost: false, CancellationToken.None);

    /// <summary>Everything the sandbox keeps in the database, bytes read as text too.</summary>
    public async Task<string> DumpAsync()
    {
        await using var command = _database.Owner.CreateCommand(
            """
            select (select string_agg(m::text || encode(m.data, 'escape'), '') from sandbox_messages m)
              || (select string_agg(s::text || encode(s.value, 'escape'), '') from sandbox_settings s)
            """);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Ends it as a restart does: the database stays.</summary>
    public async Task<TestDatabase> StopAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        return _database;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task Note(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var form = RawForm.Parse(body.ToArray());
        var url = $"http://{context.Request.Host}{context.Request.Path}{context.Request.QueryString}";
        var verdict = new TwilioSignature(Account.AuthToken).Verify(url, form, context.Request.Headers["X-Twilio-Signature"]);
        var sid = form.Text("MessageSid"u8);
        if (verdict.Refusal != SignatureRefusal.None)
            Calls.Enqueue($"unsigned {sid}");
        else if (form.Text("Body"u8) is { } text)
            Calls.Enqueue($"text {sid} {text}");
        else
            Calls.Enqueue($"status {context.Request.Query["m"]} {sid} {form.Text("MessageStatus"u8)}{form.Text("ErrorCode"u8)}");
    }
}
