namespace SmsAi.Web.Pipeline.Intake;

/// <summary>The intake's two doors to the host.</summary>
public static class IntakeDoor
{
    public static IServiceCollection AddIntakeDoor(this IServiceCollection services) => services.AddSingleton<WebhookDoor>();

    public static IEndpointRouteBuilder MapIntake(this IEndpointRouteBuilder routes)
    {
        ReceiveEndpoint.Map(routes);
        SelfTestEndpoint.Map(routes);
        return routes;
    }
}
