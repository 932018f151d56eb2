import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.operaton.bpm.engine.ProcessEngine;
import org.operaton.bpm.engine.ProcessEngineConfiguration;
import org.operaton.bpm.engine.task.Task;

/** The benchmark's process on Operaton, embedded, with its standard configuration but for the database. */
final class OperatonPeer implements Lockstep.Engine {
    private final ProcessEngine engine;

    private OperatonPeer(ProcessEngine engine) {
        this.engine = engine;
    }

    public static void main(String[] arguments) throws IOException {
        ProcessEngineConfiguration configuration =
                ProcessEngineConfiguration.createStandaloneProcessEngineConfiguration();
        configuration.setJdbcDriver("org.postgresql.Driver");
        configuration.setJdbcUrl(Lockstep.jdbcUrl());
        configuration.setJdbcUsername("postgres");
        configuration.setJdbcPassword("");
        configuration.setDatabaseSchemaUpdate(ProcessEngineConfiguration.DB_SCHEMA_UPDATE_TRUE);
        ProcessEngine engine = configuration.buildProcessEngine();
        engine.getRepositoryService()
                .createDeployment()
                .addString("twelve.bpmn20.xml", Lockstep.diagram())
                .deploy();
        Lockstep.run(new OperatonPeer(engine));
    }

    @Override
    public void start() {
        engine.getRuntimeService().startProcessInstanceByKey("twelve", Map.of("note", Lockstep.NOTE));
    }

    @Override
    public List<String> listOpenTasks() {
        return engine.getTaskService().createTaskQuery().active().list().stream().map(Task::getId).toList();
    }

    @Override
    public void complete(String taskId, Map<String, Object> answers) {
        engine.getTaskService().complete(taskId, answers);
    }
}
