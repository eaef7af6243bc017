using SmsAi.Core.Features.Access;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Web.Features.Access;
using SmsAi.Web.Platform.Shell;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddDatabase(builder.Configuration);
builder.Services.AddPrivacy(builder.Configuration);
builder.Services.AddAuditing();
builder.Services.AddAccess(builder.Configuration);
builder.Services.AddAccessPages();
builder.Services.AddShell(builder.Configuration);

var app = builder.Build();
app.UseShell();
app.MapAccess();
app.MapShell();
await app.RunAsync();
