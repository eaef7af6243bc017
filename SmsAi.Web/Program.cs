using SmsAi.Web.Platform.Shell;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddShell(builder.Configuration);
builder.Services.AddAuthorization();

var app = builder.Build();
app.UseShell();
app.UseAntiforgery();
app.MapShell();
await app.RunAsync();
