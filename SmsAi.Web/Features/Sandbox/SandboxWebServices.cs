namespace SmsAi.Web.Features.Sandbox;

/// <summary>Registers what the sandbox shows in the browser.</summary>
public static class SandboxWebServices
{
    public static IServiceCollection AddSandboxPages(this IServiceCollection services) => services.AddHostedService<SandboxNotice>();
}
