using SmsAi.Core.Features.Access;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Logging;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Web.Features.Access;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Starting;

await using var launch = await Launch.BeginAsync(args);
if (launch.ExitCode is { } done) return done;

var builder = launch.Builder;
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddLogs(builder.Configuration, Directory.GetCurrentDirectory());
builder.Services.AddDatabase(builder.Configuration);
builder.Services.AddPrivacy(builder.Configuration);
builder.Services.AddAuditing();
builder.Services.AddAccess(builder.Configuration);
builder.Services.AddAccessPages();
builder.Services.AddShell(builder.Configuration);

var app = builder.Build();
if (await launch.EndBeforeHostAsync(app) is { } ended) return ended;

app.UseShell();
app.MapAccess();
app.MapShell();
return await Launch.RunAsync(app);
