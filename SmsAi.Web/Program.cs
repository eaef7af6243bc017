using SmsAi.Core.Features.Access;
using SmsAi.Core.Features.ApiKeys;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Conversations;
using SmsAi.Core.Features.Errors;
using SmsAi.Core.Features.Jobs;
using SmsAi.Core.Features.Metrics;
using SmsAi.Core.Features.People;
using SmsAi.Core.Features.Phone;
using SmsAi.Core.Features.Sandbox;
using SmsAi.Core.Features.Searching;
using SmsAi.Core.Features.Settings;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Features.Stories;
using SmsAi.Core.Features.SystemCheck;
using SmsAi.Core.Features.Tasks;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Intake;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Pipeline.Receipts;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Api;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Logging;
using SmsAi.Core.Platform.Memory;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Core.Platform.Redis;
using SmsAi.Core.Platform.Scheduling;
using SmsAi.Web.Features.Access;
using SmsAi.Web.Features.ApiKeys;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Features.Conversations;
using SmsAi.Web.Features.Errors;
using SmsAi.Web.Features.Health;
using SmsAi.Web.Features.Jobs;
using SmsAi.Web.Features.Metrics;
using SmsAi.Web.Features.People;
using SmsAi.Web.Features.Phone;
using SmsAi.Web.Features.Sandbox;
using SmsAi.Web.Features.Settings;
using SmsAi.Web.Features.Stopping;
using SmsAi.Web.Features.Stories;
using SmsAi.Web.Features.SystemCheck;
using SmsAi.Web.Pipeline.Intake;
using SmsAi.Web.Pipeline.Receipts;
using SmsAi.Web.Platform.Api;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Starting;

// No pattern may hold a thread for longer, whatever text it meets; generated ones read this when they are first used.
AppContext.SetData("REGEX_DEFAULT_MATCH_TIMEOUT", TimeSpan.FromSeconds(1));

await using var launch = await Launch.BeginAsync(args);
if (launch.ExitCode is { } done) return done;

var (services, configuration) = (launch.Builder.Services, launch.Builder.Configuration);
services.Configure<HostOptions>(options =>
{
    options.ShutdownTimeout = TimeSpan.FromSeconds(25);
    // Background work goes on by SteadyWork; what ends all the same was the start.
    options.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.StopHost;
});

// Platform. The database comes first: its start waits until the schema is there.
services.AddSingleton(TimeProvider.System).AddLogs(configuration, Directory.GetCurrentDirectory());
services.AddDatabase(configuration).AddKeptFaults(configuration).AddPrivacy(configuration).AddRedis(configuration).AddLive().AddScheduling().AddIdleMemory();
// What operators changed comes into force before anything works by it.
services.AddSettings(configuration, typeof(Launch).Assembly);

// The road.
services.AddLimits(configuration).AddReplying(configuration).AddDelivery(configuration).AddReceipts(configuration);
services.AddLedger(configuration).AddRoad(configuration).AddSweep().AddIntakeDoor();

// What operators do around it.
services.AddAuditing().AddChainCheck().AddAuditCopy(configuration).AddAuditPage().AddAccess(configuration).AddAccessPages().AddSandbox(configuration).AddSandboxPages();
services.AddIdempotency().AddApiKeys(configuration).AddApiKeyDoor().AddApiKeysPage().AddApiDescription().AddApiDocs();
services.AddStopping().AddReplicaRetention().AddStoppingPages().AddHostedService<RestoreGuard>();
services.AddMetrics(configuration).AddPeople(configuration).AddTasks(configuration).AddSearching(configuration);
services.AddStories(configuration).AddPhone(configuration).AddSystemCheck().AddReplicaReport(configuration).AddHealth();
services.AddOverviewPage().AddPeoplePages().AddMessagePages().AddPhonePage().AddSystemCheckPage();
services.AddConversations(configuration).AddConversationPages();
services.AddErrors().AddErrorsPage();
services.AddJobs().AddJobsPage();
services.AddSettingsPage();
services.AddShell(configuration);

var app = launch.Builder.Build();
if (await launch.EndBeforeHostAsync(app) is { } ended) return ended;

app.UseShell(forCarrier: carrier => carrier.MapIntake().MapReceipts());
app.MapHealth();
app.MapSandbox();
app.MapAccess();
app.MapAuditing();
app.MapStopping();
app.MapApiTokens();
app.MapMetricsApi();
app.MapControlsApi();
app.MapPeopleApi();
app.MapAuditApi();
app.MapApiDescription();
app.MapUnknownApi();
app.MapShell();
return await Launch.RunAsync(app);
