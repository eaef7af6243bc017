namespace SmsAi.Web.Features.Stories;

/// <summary>Brings in the page of one message; it is reached from lists, so the side doesn't name it.</summary>
public static class StoriesPages
{
    public static IServiceCollection AddMessagePage(this IServiceCollection services) => services.AddTransient<MessageModel>();
}
